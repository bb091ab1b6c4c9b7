package dev.gpucloud.tenant.projects;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.io.UncheckedIOException;
import java.util.Map;

/** Labels as one JSON object in a text column, keys sorted so that equal labels are equal text. */
@Converter
public class LabelsConverter implements AttributeConverter<Map<String, String>, String> {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
  private static final TypeReference<Map<String, String>> TYPE = new TypeReference<>() {};

  @Override
  public String convertToDatabaseColumn(Map<String, String> labels) {
    try {
      return JSON.writeValueAsString(labels == null ? Map.of() : labels);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Map<String, String> convertToEntityAttribute(String json) {
    try {
      return json == null ? Map.of() : Map.copyOf(JSON.readValue(json, TYPE));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
