package dev.gpucloud.systemtests.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Every place of a JSON body where something stands, and what may be done to it. */
final class Places {
  private Places() {}

  /** A value in its parent; without one it is the body itself. */
  record Place(@Nullable JsonNode parent, String field, int index, JsonNode value) {

    /** Puts another value in its place and answers the body that this makes. */
    JsonNode replace(JsonNode body, JsonNode with) {
      if (parent instanceof ObjectNode object) {
        object.set(field, with);
      } else if (parent instanceof ArrayNode array) {
        array.set(index, with);
      } else {
        return with;
      }
      return body;
    }

    void remove() {
      if (parent instanceof ObjectNode object) {
        object.remove(field);
      } else if (parent instanceof ArrayNode array) {
        array.remove(index);
      }
    }
  }

  static List<Place> of(@Nullable JsonNode body) {
    List<Place> places = new ArrayList<>();
    if (body != null) {
      add(places, new Place(null, "", 0, body));
    }
    return places;
  }

  static List<Place> inner(@Nullable JsonNode body) {
    return of(body).stream().filter(place -> place.parent() != null).toList();
  }

  static List<Place> objects(@Nullable JsonNode body) {
    return of(body).stream().filter(place -> place.value().isObject()).toList();
  }

  /** Texts and numbers, which alone can be extreme. */
  static List<Place> leaves(@Nullable JsonNode body) {
    return of(body).stream()
        .filter(place -> place.value().isTextual() || place.value().isNumber())
        .toList();
  }

  private static void add(List<Place> places, Place place) {
    places.add(place);
    JsonNode value = Objects.requireNonNull(place.value());
    if (value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        add(places, new Place(value, "", i, value.get(i)));
      }
    } else {
      value
          .properties()
          .forEach(field -> add(places, new Place(value, field.getKey(), 0, field.getValue())));
    }
  }
}
