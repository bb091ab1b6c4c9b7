package dev.gpucloud.inventory.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.inventory.fixture.World;
import dev.gpucloud.testsupport.ServiceStack;
import dev.gpucloud.testsupport.TestKafka;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Others hear of every site and GPU model there is. */
@QuarkusTest
@QuarkusTestResource(
    value = ServiceStack.class,
    initArgs = @ResourceArg(name = "service", value = "inventory"))
class CatalogueAnnouncerIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void tellsTheWholeCatalogueWheneverItGrows() throws IOException {
    String first = World.site(1, "");
    TestKafka.await(Topics.CATALOGUE, 1, PATIENCE, r -> r.value().contains(first));
    String second = World.site(1, "");

    ConsumerRecord<String, String> told =
        TestKafka.await(Topics.CATALOGUE, 1, PATIENCE, r -> r.value().contains(second)).getFirst();

    assertThat(told.key()).isEqualTo("catalogue");
    assertThat(TestKafka.header(told, "ce_type")).isEqualTo("catalogue.declared");
    JsonNode fact = JSON.readTree(told.value());
    assertThat(texts(fact.path("sites"))).contains(first, second).isSorted();
    assertThat(texts(fact.path("gpuModels")))
        .containsAll(World.admin().get("/api/v1/admin/gpu-models").jsonPath().getList("items.id"))
        .isNotEmpty();
    List<ConsumerRecord<String, String>> all = TestKafka.present(Topics.CATALOGUE, r -> true);
    assertThat(all.stream().map(r -> Long.valueOf(TestKafka.header(r, "ce_sequence"))))
        .isSorted()
        .doesNotHaveDuplicates();
    List<String> contents = new ArrayList<>();
    for (ConsumerRecord<String, String> r : all) {
      contents.add(JSON.readTree(r.value()).path("sites") + "");
    }
    assertThat(contents).doesNotHaveDuplicates();
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(item -> texts.add(item.asText()));
    return texts;
  }
}
