package dev.gpucloud.kit.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which methods an address knows, for the {@code Allow} that a 405 must have (RFC 9110, 15.5.6).
 * The framework keeps that to itself, so it is read from the document of the service's API.
 */
@ApplicationScoped
class AllowedMethods {
  private static final String DOCUMENT = "META-INF/quarkus-generated-openapi-doc.JSON";
  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");
  private static final Pattern PARAMETER = Pattern.compile("\\{[^}]+}");

  private final List<Address> addresses;

  private record Address(Pattern path, Set<String> methods) {}

  AllowedMethods() {
    this(ofService());
  }

  AllowedMethods(JsonNode document) {
    List<Address> found = new ArrayList<>();
    document.path("paths").properties().stream()
        // an address without parameters before those that would take it for one
        .sorted(
            Comparator.comparingLong(
                path -> path.getKey().chars().filter(letter -> letter == '{').count()))
        .forEach(path -> found.add(new Address(pattern(path.getKey()), methods(path.getValue()))));
    this.addresses = List.copyOf(found);
  }

  /** As the header has them; empty when the address is not documented. */
  String at(String path) {
    return addresses.stream()
        .filter(address -> address.path().matcher(path).matches())
        .findFirst()
        .map(address -> String.join(", ", address.methods()))
        .orElse("");
  }

  /** A slash at the end makes no other address. */
  private static Pattern pattern(String template) {
    String end = template.endsWith("}") ? "[^/]+/?" : "/?";
    return Pattern.compile(
        PARAMETER
            .splitAsStream(template)
            .map(Pattern::quote)
            .collect(Collectors.joining("[^/]+", "", end)));
  }

  private static Set<String> methods(JsonNode path) {
    Set<String> methods = new TreeSet<>();
    path.fieldNames()
        .forEachRemaining(
            name -> {
              if (METHODS.contains(name)) {
                methods.add(name.toUpperCase(Locale.ROOT));
              }
            });
    if (methods.contains("GET")) {
      methods.add("HEAD");
    }
    return methods;
  }

  private static JsonNode ofService() {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    try (InputStream document = loader.getResourceAsStream(DOCUMENT)) {
      ObjectMapper json = new ObjectMapper();
      return document == null ? json.createObjectNode() : json.readTree(document);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
