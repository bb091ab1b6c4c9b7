package dev.gpucloud.tenant.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.TreeMap;

/**
 * One text for one value: members sorted by name, no white space. The text is stored and hashed, so
 * nobody has to make it again from a value.
 */
final class CanonicalJson {
  private static final ObjectMapper PLAIN = new ObjectMapper();

  private CanonicalJson() {}

  static String of(JsonNode value) {
    try {
      return PLAIN.writeValueAsString(sorted(value));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not to be written as JSON", e);
    }
  }

  private static JsonNode sorted(JsonNode value) {
    return switch (value) {
      case ObjectNode object -> {
        var members = new TreeMap<String, JsonNode>();
        object.properties().forEach(each -> members.put(each.getKey(), sorted(each.getValue())));
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        members.forEach(node::set);
        yield node;
      }
      case ArrayNode array -> {
        ArrayNode node = JsonNodeFactory.instance.arrayNode();
        array.forEach(each -> node.add(sorted(each)));
        yield node;
      }
      default -> value;
    };
  }
}
