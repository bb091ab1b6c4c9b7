package dev.gpucloud.gateway.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class SealTest {
  private static final String OLD = "an old secret of more than thirty-two letters";
  private static final String NEW = "a new secret of more than thirty-two letters!";
  private static final JsonObject CONTENT = new JsonObject().put("word", "비밀");

  private final Seal seal = new Seal(List.of(NEW, OLD));

  @Test
  void opensWhatItClosed() {
    String closed = seal.close("session", CONTENT);

    assertThat(closed).matches("[A-Za-z0-9_.-]+").doesNotContain("word");
    assertThat(seal.open("session", closed)).contains(CONTENT);
    assertThat(seal.close("session", CONTENT)).isNotEqualTo(closed);
  }

  @Test
  void opensForNoOtherUse() {
    assertThat(seal.open("login", seal.close("session", CONTENT))).isEmpty();
  }

  @Test
  void opensWithOldSecretsAndClosesWithTheNewOne() {
    String old = new Seal(List.of(OLD)).close("session", CONTENT);

    assertThat(seal.open("session", old)).contains(CONTENT);
    assertThat(new Seal(List.of(NEW)).open("session", old)).isEmpty();
    assertThat(new Seal(List.of(NEW)).open("session", seal.close("session", CONTENT)))
        .contains(CONTENT);
  }

  @Test
  void opensNothingThatWasChanged() {
    String closed = seal.close("session", CONTENT);
    for (int at : List.of(5, closed.indexOf("..") + 4, closed.length() - 3)) {
      char other = closed.charAt(at) == 'A' ? 'B' : 'A';
      String changed = closed.substring(0, at) + other + closed.substring(at + 1);
      assertThat(seal.open("session", changed)).isEmpty();
    }
    assertThat(seal.open("session", "")).isEmpty();
  }

  @Test
  void refusesASecretThatIsShort() {
    assertThatThrownBy(() -> new Seal(List.of(NEW, "short")))
        .hasMessageContaining("GPUCLOUD_GATEWAY_SESSIONS_KEYS")
        .hasMessageNotContaining("short,");
  }
}
