package dev.gpucloud.cli.rate;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads one document strictly: numbers exact, no field twice, nothing after the end. */
final class Documents {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();
  private static final ObjectMapper YAML =
      YAMLMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private static final Pattern OCTAL = Pattern.compile("[+-]?0[0-9_]+");
  private static final Pattern OTHER_BASE_OR_PARTED = Pattern.compile("[+-]?0[xXbBoO].*|.*_.*");

  private Documents() {}

  /** A text that is not one document, and why, with its place where that is known. */
  static final class UnreadableException extends Exception {
    UnreadableException(String why) {
      super(why);
    }

    String why() {
      return String.valueOf(getMessage());
    }
  }

  static JsonNode json(String text) throws UnreadableException {
    return one(JSON, text);
  }

  /** YAML or JSON. */
  static JsonNode yaml(String text) throws UnreadableException {
    JsonNode node = one(YAML, text);
    refuseSurprisingNumbers(text);
    return node;
  }

  /** 04500 is 2368 in YAML, 0x10 is 16 and 1_0 is 10, which nobody means. */
  private static void refuseSurprisingNumbers(String text) throws UnreadableException {
    try (JsonParser parser = YAML.createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.VALUE_NUMBER_INT && OCTAL.matcher(parser.getText()).matches()) {
          throw new UnreadableException(
              parser.getText()
                  + " begins with 0: write a number without it, an id in quotes"
                  + at(parser.currentTokenLocation()));
        }
        if (token.isNumeric() && OTHER_BASE_OR_PARTED.matcher(parser.getText()).matches()) {
          throw new UnreadableException(
              parser.getText()
                  + " is no plain number: write a number in decimal digits alone, an id in quotes"
                  + at(parser.currentTokenLocation()));
        }
      }
    } catch (IOException e) {
      throw new UnreadableException(reason(e.getMessage()));
    }
  }

  private static JsonNode one(ObjectMapper mapper, String text) throws UnreadableException {
    try (JsonParser parser = mapper.createParser(text)) {
      JsonNode node = mapper.readTree(parser);
      if (parser.nextToken() != null) {
        throw new UnreadableException("there is more after its end" + at(parser.currentLocation()));
      }
      return node == null ? MissingNode.getInstance() : node;
    } catch (JsonProcessingException e) {
      throw new UnreadableException(reason(e.getOriginalMessage()) + at(e.getLocation()));
    } catch (IOException e) {
      throw new UnreadableException(reason(e.getMessage()));
    }
  }

  private static String at(@Nullable JsonLocation place) {
    return place == null || place.getLineNr() < 0
        ? ""
        : String.format(
            Locale.ROOT, " (line %d, column %d)", place.getLineNr(), place.getColumnNr());
  }

  /** Without the excerpt of the text that YAML's reader adds, and without names of settings. */
  private static String reason(@Nullable String message) {
    String said =
        String.valueOf(message)
            .lines()
            .takeWhile(line -> !line.startsWith(" "))
            .collect(Collectors.joining(", "));
    return said.replaceAll(",? ?(from )?`[^`]*`", "");
  }
}
