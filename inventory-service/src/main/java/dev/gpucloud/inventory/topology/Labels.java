package dev.gpucloud.inventory.topology;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.text.Texts;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Labels as rows keep them: a JSON object of at most 64 short texts. */
public final class Labels {
  static final int MOST = 64;
  private static final Pattern KEY = Pattern.compile("[a-z0-9]([a-z0-9./-]{0,61}[a-z0-9])?");
  private static final int LONGEST_VALUE = 63;
  private static final String VALUE_RULE = "must be at most 63 characters that are seen";
  private static final ObjectMapper JSON = new ObjectMapper();

  private Labels() {}

  /** The labels of a row. */
  public static Map<String, String> read(String json) {
    try {
      return JSON.readValue(json, new TypeReference<TreeMap<String, String>>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The JSON of valid labels, null for none given. */
  static @Nullable String write(@Nullable Map<String, String> labels) {
    if (labels == null) {
      return null;
    }
    if (labels.size() > MOST) {
      throw ProblemType.VALIDATION_FAILED
          .because("There are more than " + MOST + " labels.")
          .at("/labels", "at most " + MOST);
    }
    labels.forEach(Labels::check);
    return json(labels);
  }

  private static String json(Map<String, String> labels) {
    try {
      return JSON.writeValueAsString(labels);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void check(String key, @Nullable String value) {
    if (!KEY.matcher(key).matches()) {
      throw ProblemType.VALIDATION_FAILED
          .because("A label's key is not valid.")
          .at("/labels", "a key has 1 to 63 lowercase letters, digits, dots, slashes or hyphens");
    }
    if (value == null || !Texts.isLine(value, LONGEST_VALUE)) {
      throw ProblemType.VALIDATION_FAILED
          .because("The value of label '" + key + "' is not valid.")
          .at("/labels/" + key.replace("/", "~1"), VALUE_RULE);
    }
  }

  /** A filter {@code key=value} as a JSON object that must be contained; null for no filter. */
  public static @Nullable String filter(@Nullable String text) {
    if (text == null) {
      return null;
    }
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw ProblemType.INVALID_PARAMETER
          .because("The filter label is not of the form key=value.")
          .at("label", "must be key=value");
    }
    String value = text.substring(equals + 1);
    if (!Texts.isLine(value, LONGEST_VALUE)) {
      throw ProblemType.INVALID_PARAMETER
          .because("The filter label has a value that no label has.")
          .at("label", "its value " + VALUE_RULE);
    }
    return json(Map.of(text.substring(0, equals), value));
  }
}
