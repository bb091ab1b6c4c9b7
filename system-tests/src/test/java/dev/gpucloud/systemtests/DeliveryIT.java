package dev.gpucloud.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Hosts come into service by what the site's agent finds and measures, and by nothing else. */
class DeliveryIT {
  private static final String SITE = "kr-pangyo-1";
  private static final String DELIVERY = "dlv-system-test";
  private static final String PATH = "/admin/deliveries/" + DELIVERY;

  private final Http admin = Product.as("platform-admin");

  @Test
  void whatIsDeliveredIsFoundMeasuredAndOffered() {
    long before = gpus();
    String order =
        """
        {"deliveries":[{"id":"%s","site":"%s","hall":"pangyo-h1","model":"rtxpro6000-96g",
          "hosts":2,"gpusPerHost":8,"hostsPerRack":5,"racksPerFabric":52,"due":"2027-01-15",
          "state":"ORDERED","hostPowerKw":6.5}],
         "hosts":[{"delivery":"%1$s","serial":"SYS-1"},{"delivery":"%1$s","serial":"SYS-2"}]}"""
            .formatted(DELIVERY, SITE);
    admin.post("/admin/imports/fleet", order).expect(200);
    assertThat(hosts()).isEmpty();

    act("ship", "left the factory");
    act("deliver", "stands in the hall");
    Product.eventually(() -> admin.get(PATH).json(), "/hostsAccepted", "2");
    act("accept", "complete");
    JsonNode accepted = admin.get(PATH).expect(200).json();

    assertThat(accepted.path("state").asText()).isEqualTo("ACCEPTED");
    assertThat(accepted.at("/hostStates/ACTIVE").asInt()).isEqualTo(2);
    assertThat(hosts())
        .extracting(host -> host.path("serial").asText())
        .containsExactlyInAnyOrder("SYS-1", "SYS-2");
    for (JsonNode host : hosts()) {
      theAgentFoundAndMeasured(host.path("id").asText());
    }
    Product.eventually(this::capacity, "/gpus", Long.toString(before + 16));
  }

  private void theAgentFoundAndMeasured(String host) {
    List<String> states = new ArrayList<>();
    admin
        .get("/admin/hosts/" + host + "/history")
        .expect(200)
        .json()
        .path("items")
        .forEach(entry -> states.add(entry.path("to").asText()));
    assertThat(states).containsSubsequence("EXPECTED", "ACCEPTING", "ACTIVE");
  }

  private List<JsonNode> hosts() {
    JsonNode found = admin.get("/admin/hosts?delivery=" + DELIVERY).expect(200).json();
    return StreamSupport.stream(found.path("items").spliterator(), false).toList();
  }

  private long gpus() {
    return capacity().path("gpus").asLong();
  }

  private JsonNode capacity() {
    return admin.get("/capacity?site=" + SITE).expect(200).json().at("/items/0");
  }

  private void act(String move, String reason) {
    String body = "{\"reason\":\"%s\"}".formatted(reason);
    admin.act(PATH + "/" + move, admin.get(PATH).expect(200).header("ETag"), body).expect(200);
  }
}
