package dev.gpucloud.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object with the fields that the API's document names. What the API says beside them is
 * kept in {@link #json}, so that a client of today loses nothing that a server of tomorrow tells.
 */
public abstract class Document {
  private final ObjectNode json;

  protected Document(ObjectNode json) {
    this.json = json;
  }

  /** An object without fields yet. */
  protected static ObjectNode newJson() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** All of it; a change here is one of the document. */
  public final ObjectNode json() {
    return json;
  }

  /** Whether nothing is said. */
  public final boolean isEmpty() {
    return json.isEmpty();
  }

  /** Sets a field, or leaves it as it is for null. */
  protected final void setAt(String field, @Nullable Object value) {
    if (value != null) {
      json.set(field, node(value));
    }
  }

  /** Says null, which takes away what there was in a patch. */
  protected final void clearAt(String field) {
    json.putNull(field);
  }

  private static JsonNode node(Object value) {
    return switch (value) {
      case JsonNode node -> node;
      case Document document -> document.json;
      case Boolean bool -> JsonNodeFactory.instance.booleanNode(bool);
      case Integer number -> JsonNodeFactory.instance.numberNode(number);
      case Long number -> JsonNodeFactory.instance.numberNode(number);
      case BigDecimal number -> JsonNodeFactory.instance.numberNode(number);
      case Collection<?> items -> {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        items.forEach(item -> array.add(node(item)));
        yield array;
      }
      case Map<?, ?> fields -> {
        ObjectNode object = newJson();
        fields.forEach((name, one) -> object.set(name.toString(), node(one)));
        yield object;
      }
      default -> JsonNodeFactory.instance.textNode(value.toString());
    };
  }

  protected final @Nullable String textAt(String field) {
    return json.hasNonNull(field) ? json.path(field).asText() : null;
  }

  protected final @Nullable Integer wholeAt(String field) {
    return json.hasNonNull(field) ? json.path(field).intValue() : null;
  }

  protected final @Nullable Long largeAt(String field) {
    return json.hasNonNull(field) ? json.path(field).longValue() : null;
  }

  protected final @Nullable BigDecimal numberAt(String field) {
    return json.hasNonNull(field) ? json.path(field).decimalValue() : null;
  }

  protected final @Nullable Boolean truthAt(String field) {
    return json.hasNonNull(field) ? json.path(field).booleanValue() : null;
  }

  protected final <D> @Nullable D partAt(String field, Function<ObjectNode, D> made) {
    return json.get(field) instanceof ObjectNode object ? made.apply(object) : null;
  }

  protected final <D> List<D> partsAt(String field, Function<ObjectNode, D> made) {
    List<D> all = new ArrayList<>();
    for (JsonNode one : json.path(field)) {
      all.add(made.apply((ObjectNode) one));
    }
    return all;
  }

  /** A field of a kind that has no type here: lists of values, maps. */
  protected final JsonNode valueAt(String field) {
    return json.path(field);
  }

  @Override
  public final boolean equals(@Nullable Object other) {
    return other instanceof Document document
        && document.getClass() == getClass()
        && document.json.equals(json);
  }

  @Override
  public final int hashCode() {
    return json.hashCode();
  }

  @Override
  public final String toString() {
    return json.toString();
  }
}
