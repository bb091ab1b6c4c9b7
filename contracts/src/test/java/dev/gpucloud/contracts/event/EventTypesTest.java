package dev.gpucloud.contracts.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EventTypesTest {
  /** A new type of a family that tenants hear is one that they may ask for. */
  @Test
  void whatTenantsHearHasAllTypesOfItsFamilies() throws IllegalAccessException {
    Set<String> families =
        EventTypes.OF_TENANTS.stream().map(EventTypesTest::family).collect(Collectors.toSet());
    List<String> all = new ArrayList<>();
    for (Field field : EventTypes.class.getFields()) {
      if (field.getType() == String.class && families.contains(family((String) field.get(null)))) {
        all.add((String) field.get(null));
      }
    }

    assertThat(EventTypes.OF_TENANTS).containsExactlyElementsOf(all);
  }

  private static String family(String type) {
    return type.substring(0, type.indexOf('.'));
  }
}
