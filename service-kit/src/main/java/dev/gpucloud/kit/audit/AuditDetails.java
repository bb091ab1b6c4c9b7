package dev.gpucloud.kit.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Values as they may stand in an entry: of bounded size, and without what looks like a secret. The
 * services never pass one; this is the second look.
 */
final class AuditDetails {
  private static final Pattern SECRET =
      Pattern.compile(
          "(?i).*(secret|password|passphrase|token|credential|private-?key|user-?data).*");
  private static final String HIDDEN = "(not recorded)";
  private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

  private final ObjectMapper json;
  private final int mostBytes;

  AuditDetails(ObjectMapper json, int mostBytes) {
    this.json = json;
    this.mostBytes = mostBytes;
  }

  @Nullable Map<String, Object> of(@Nullable Object value) {
    if (value == null) {
      return null;
    }
    JsonNode tree = json.valueToTree(value);
    ObjectNode object =
        tree instanceof ObjectNode found ? found : json.createObjectNode().set("value", tree);
    hide(object);
    int bytes = size(object);
    return bytes <= mostBytes
        ? json.convertValue(object, MAP)
        : Map.of("omitted", "larger than " + mostBytes + " bytes", "bytes", bytes);
  }

  /** Parameters of a request, each cut to what identifies it. */
  static Map<String, String> cut(Map<String, String> parameters, int mostEntries, int longest) {
    var cut = new LinkedHashMap<String, String>();
    parameters.entrySet().stream()
        .limit(mostEntries)
        .forEach(
            each ->
                cut.put(
                    start(each.getKey(), longest),
                    SECRET.matcher(each.getKey()).matches() && !each.getKey().equals("pageToken")
                        ? HIDDEN
                        : start(each.getValue(), longest)));
    return cut;
  }

  private static String start(String text, int longest) {
    return text.length() <= longest ? text : text.substring(0, longest);
  }

  private static void hide(JsonNode node) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        if (SECRET.matcher(field.getKey()).matches() && !field.getValue().isNull()) {
          field.setValue(TextNode.valueOf(HIDDEN));
        } else {
          hide(field.getValue());
        }
      }
    } else {
      node.forEach(AuditDetails::hide);
    }
  }

  private int size(JsonNode tree) {
    try {
      return json.writeValueAsBytes(tree).length;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
