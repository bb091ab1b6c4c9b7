package dev.gpucloud.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * Strict reading of Kubernetes objects. Built-in kinds are checked by the models that Kubernetes
 * generates from its OpenAPI document, Strimzi's kinds by the schema of their custom resource
 * definition with every object closed.
 */
final class Schemas {
  private static final Map<String, Class<?>> BUILT_IN =
      Map.of(
          "v1/Namespace", V1Namespace.class,
          "v1/ConfigMap", V1ConfigMap.class,
          "v1/Service", V1Service.class,
          "v1/ServiceAccount", V1ServiceAccount.class,
          "apps/v1/Deployment", V1Deployment.class,
          "apps/v1/StatefulSet", V1StatefulSet.class,
          "policy/v1/PodDisruptionBudget", V1PodDisruptionBudget.class,
          "networking.k8s.io/v1/NetworkPolicy", V1NetworkPolicy.class,
          "networking.k8s.io/v1/Ingress", V1Ingress.class);
  private static final Map<String, JsonSchema> CUSTOM =
      Map.of(
          "kafka.strimzi.io/v1/KafkaTopic", customSchema("KafkaTopic"),
          "kafka.strimzi.io/v1/KafkaUser", customSchema("KafkaUser"));

  private Schemas() {}

  /** What is wrong with the object; empty when it is valid. */
  static List<String> violations(JsonNode object) {
    String kind = object.path("apiVersion").asText() + "/" + object.path("kind").asText();
    Class<?> model = BUILT_IN.get(kind);
    if (model != null) {
      return builtIn(object, model);
    }
    JsonSchema schema = CUSTOM.get(kind);
    if (schema != null) {
      return schema.validate(object).stream().map(ValidationMessage::getMessage).toList();
    }
    return List.of("no schema for " + kind + "; add it to this test");
  }

  private static List<String> builtIn(JsonNode object, Class<?> model) {
    JsonElement json = JsonParser.parseString(object.toString());
    try {
      model.getMethod("validateJsonElement", JsonElement.class).invoke(null, json);
      JSON.getGson().fromJson(json, model);
      return List.of();
    } catch (java.lang.reflect.InvocationTargetException e) {
      return List.of(String.valueOf(e.getCause().getMessage()));
    } catch (JsonParseException | IllegalArgumentException e) {
      return List.of(String.valueOf(e.getMessage()));
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(model + " cannot check", e);
    }
  }

  private static JsonSchema customSchema(String kind) {
    try (InputStream file = Schemas.class.getResourceAsStream("/crds/" + kind + ".yaml")) {
      JsonNode definition = Kustomize.YAML.readTree(file);
      JsonNode version =
          StreamSupport.stream(definition.at("/spec/versions").spliterator(), false)
              .filter(candidate -> candidate.path("name").asText().equals("v1"))
              .findFirst()
              .orElseThrow();
      ObjectNode schema = (ObjectNode) version.at("/schema/openAPIV3Schema");
      close(schema);
      schema.putArray("required").add("apiVersion").add("kind").add("metadata").add("spec");
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(schema);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As the API server with strict field validation does: what is not declared is refused. */
  private static void close(JsonNode schema) {
    if (schema instanceof ObjectNode object) {
      boolean preserved = object.path("x-kubernetes-preserve-unknown-fields").asBoolean();
      if (object.has("properties") && !preserved) {
        object.put("additionalProperties", false);
      }
    }
    schema.forEach(Schemas::close);
  }
}
