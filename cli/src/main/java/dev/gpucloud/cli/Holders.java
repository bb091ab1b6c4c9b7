package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.Call;
import dev.gpucloud.client.api.MembersApi;
import dev.gpucloud.client.api.ServiceAccountsApi;
import java.util.HashMap;
import java.util.Map;

/** What members and service accounts of a tenant are called, as far as the caller sees them. */
final class Holders {
  private final TenantCommand of;
  private final Map<String, String> names = new HashMap<>();

  Holders(TenantCommand of) {
    this.of = of;
    read(MembersApi.memberResourceList(of.tenant()), "subject", "username");
    read(ServiceAccountsApi.serviceAccountResourceList(of.tenant()), "id", "name");
  }

  /** The subject itself where nothing else is known. */
  String name(String subject) {
    return names.getOrDefault(subject, subject);
  }

  private void read(Call<Call.Nothing, ?> all, String id, String name) {
    try {
      for (JsonNode one : of.api().list(all).path("items")) {
        if (one.hasNonNull(name)) {
          names.put(one.path(id).asText(), one.path(name).asText());
        }
      }
    } catch (ApiProblem unseen) {
      if (unseen.status() != 403 && unseen.status() != 404) {
        throw unseen;
      }
    }
  }
}
