package dev.gpucloud.tenant.notifications;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.tenant.notifications.engine.Language;
import dev.gpucloud.tenant.notifications.engine.NotificationKind;
import dev.gpucloud.tenant.notifications.engine.Wording;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts notifications into words, with the texts that come with the service. */
@ApplicationScoped
public class Wordings {
  private static final TypeReference<Map<String, String>> VALUES = new TypeReference<>() {};

  private final Map<Language, Wording> wordings = new EnumMap<>(Language.class);
  private final ObjectMapper json;
  private final NotificationConfig config;

  Wordings(ObjectMapper json, NotificationConfig config) {
    this.json = json;
    this.config = config;
    String page = resource("page.html");
    for (Language language : Language.values()) {
      wordings.put(language, Wording.read(language, resource(language.tag() + ".txt"), page));
    }
  }

  /**
   * What the recipient reads.
   *
   * @param language what the recipient or the tenant chose
   * @param token what an invitation is accepted with
   */
  public Wording.Message message(
      String kind, String details, Optional<Language> language, @Nullable String token) {
    var values = new HashMap<>(values(details));
    if (token != null) {
      values.put("command", "gpucloud invitations accept " + token);
      config.consoleUrl().ifPresent(url -> values.put("link", link(url.toString(), token)));
    }
    Language chosen = language.orElse(config.defaultLanguage());
    return wordings.get(chosen).message(NotificationKind.ofWord(kind).orElseThrow(), values);
  }

  /** The token stands behind the #, so that it is in no server's log. */
  private static String link(String console, String token) {
    String base = console.endsWith("/") ? console.substring(0, console.length() - 1) : console;
    return base + "/invitations#token=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
  }

  /** The values of a notification by name. */
  public Map<String, String> values(String details) {
    try {
      return json.readValue(details, VALUES);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String resource(String name) {
    try (InputStream file = Wordings.class.getResourceAsStream("/notifications/" + name)) {
      if (file == null) {
        throw new IllegalStateException("the service comes without notifications/" + name);
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
