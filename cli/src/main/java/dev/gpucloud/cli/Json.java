package dev.gpucloud.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** JSON and YAML as the command line reads and prints them. */
public final class Json {
  /** Shared mapper; decimals stay decimals. */
  public static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private static final ObjectMapper YAML =
      new ObjectMapper(
              YAMLFactory.builder()
                  .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                  .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                  .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                  .stringQuotingChecker(new LooksLikeAnother())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private Json() {}

  /** A new empty object. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static JsonNode parseOrMissing(String text) {
    try {
      JsonNode node = MAPPER.readTree(text);
      return node == null ? MissingNode.getInstance() : node;
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  static JsonNode parseYaml(byte[] text) throws IOException {
    return YAML.readTree(text);
  }

  static String pretty(JsonNode node) {
    return write(MAPPER.copy().enable(SerializationFeature.INDENT_OUTPUT), node) + "\n";
  }

  /** The same as {@link #pretty}, without a text of all of it. */
  static void print(JsonNode node, PrintWriter out) {
    try {
      MAPPER
          .writer()
          .without(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
          .withDefaultPrettyPrinter()
          .writeValue(out, node);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.println();
  }

  static String yaml(JsonNode node) {
    return write(YAML, node);
  }

  private static String write(ObjectMapper mapper, JsonNode node) {
    try {
      return mapper.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The texts of an array with commas between. */
  static String joined(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(one -> texts.add(one.asText()));
    return String.join(",", texts);
  }

  /** Quotes texts that a reader of YAML, 1.1 or 1.2, takes for a number or a time. */
  private static final class LooksLikeAnother extends StringQuotingChecker.Default {
    private static final Pattern NUMBER_OR_TIME =
        Pattern.compile(
            "[-+]?\\.?[0-9][0-9_.:]*([eE][-+]?[0-9]+)?"
                + "|[-+]?0[xob][0-9a-fA-F_]+"
                + "|[-+]?\\.(inf|nan)"
                + "|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?",
            Pattern.CASE_INSENSITIVE);

    @Override
    public boolean needToQuoteValue(String value) {
      return super.needToQuoteValue(value) || NUMBER_OR_TIME.matcher(value).matches();
    }
  }
}
