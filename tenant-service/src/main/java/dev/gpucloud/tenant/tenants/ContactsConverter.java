package dev.gpucloud.tenant.tenants;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.tenant.engine.Contacts;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.io.UncheckedIOException;

/** Contacts as one JSON object in a text column. */
@Converter
public class ContactsConverter implements AttributeConverter<Contacts, String> {
  private static final ObjectMapper JSON =
      new ObjectMapper().setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL);

  @Override
  public String convertToDatabaseColumn(Contacts contacts) {
    try {
      return JSON.writeValueAsString(contacts == null ? Contacts.NONE : contacts);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Contacts convertToEntityAttribute(String json) {
    try {
      return json == null ? Contacts.NONE : JSON.readValue(json, Contacts.class);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
