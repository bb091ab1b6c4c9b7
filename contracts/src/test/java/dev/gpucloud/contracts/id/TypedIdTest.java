package dev.gpucloud.contracts.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TypedIdTest {
  @Test
  void readsWhatItWrites() {
    InstanceId id = new InstanceId(Ids.next());

    assertThat(InstanceId.parse(id.toString())).isEqualTo(id);
    assertThat(id.toString()).startsWith("ins_");
  }

  @Test
  void newIdsAreVersionSevenAndAscend() {
    UUID first = Ids.next();
    UUID second = Ids.next();

    assertThat(first.version()).isEqualTo(7);
    assertThat(second.toString()).isGreaterThan(first.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ins_",
        "ins_1",
        "prj_0198a5c2-7a31-7bd0-8000-000000000001",
        "ins_0198A5C2-7a31-7bd0-8000-000000000001",
        "ins_0198a5c2-7a31-7bd0-8000-00000000000g",
        "0198a5c2-7a31-7bd0-8000-000000000001"
      })
  void refusesAnythingElse(String text) {
    assertThatThrownBy(() -> InstanceId.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
