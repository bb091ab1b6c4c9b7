package dev.gpucloud.tenant.invitations;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.tenant.engine.MemberRole;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Roles by project as one JSON object in a text column. */
@Converter
public class ProjectRolesConverter
    implements AttributeConverter<Map<ProjectId, Set<MemberRole>>, String> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Set<MemberRole>>> TYPE = new TypeReference<>() {};

  @Override
  public String convertToDatabaseColumn(Map<ProjectId, Set<MemberRole>> roles) {
    var byText = new TreeMap<String, Set<MemberRole>>();
    roles.forEach((project, held) -> byText.put(project.toString(), held));
    try {
      return JSON.writeValueAsString(byText);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Map<ProjectId, Set<MemberRole>> convertToEntityAttribute(String json) {
    try {
      var roles = new LinkedHashMap<ProjectId, Set<MemberRole>>();
      JSON.readValue(json, TYPE).forEach((id, held) -> roles.put(ProjectId.parse(id), held));
      return roles;
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
