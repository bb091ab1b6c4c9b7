package dev.gpucloud.inventory.provisioning;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.gpucloud.inventory.instance.InstanceEntity;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.idempotency.IdempotencyKey;
import dev.gpucloud.kit.idempotency.StoredAnswer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.util.Map;

/** Answers about one instance, in the form in which they are given and stored under a key. */
@ApplicationScoped
public class InstanceAnswers {
  private static final int ACCEPTED = Response.Status.ACCEPTED.getStatusCode();

  private final ObjectWriter json;

  InstanceAnswers(ObjectMapper json) {
    this.json = json.writerFor(InstanceView.class);
  }

  /** 202 with the operation to follow. */
  public StoredAnswer accepted(IdempotencyKey key, InstanceEntity instance) {
    return new StoredAnswer(key.requestHash(), ACCEPTED, headers(instance), body(instance));
  }

  private String body(InstanceEntity instance) {
    try {
      return json.writeValueAsString(InstanceView.of(instance));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static Response accepted(InstanceEntity instance) {
    Response.ResponseBuilder answer = Response.accepted(InstanceView.of(instance));
    headers(instance).forEach(answer::header);
    return answer.build();
  }

  private static Map<String, String> headers(InstanceEntity instance) {
    return Map.of(
        "Location",
        "/api/v1/operations/" + instance.operationId(),
        "Content-Location",
        "/api/v1/projects/" + instance.projectId() + "/instances/" + instance.id(),
        "ETag",
        ETags.of(instance.version()));
  }
}
