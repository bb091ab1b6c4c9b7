package dev.gpucloud.kit.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuditDetailsTest {
  private final AuditDetails details = new AuditDetails(new ObjectMapper(), 200);

  @Test
  void hidesWhatLooksLikeASecretHoweverDeepItStands() {
    assertThat(
            details.of(
                Map.of("name", "hook", "deep", List.of(Map.of("signingSecret", "abc", "n", 1)))))
        .isEqualTo(
            Map.of(
                "name",
                "hook",
                "deep",
                List.of(Map.of("signingSecret", "(not recorded)", "n", 1))));
  }

  @Test
  void keepsTheSizeOfWhatIsTooLarge() {
    assertThat(details.of(Map.of("text", "x".repeat(300))))
        .containsEntry("omitted", "larger than 200 bytes")
        .containsEntry("bytes", 311);
  }

  @Test
  void wrapsWhatIsNoObject() {
    assertThat(details.of(List.of(1, 2))).isEqualTo(Map.of("value", List.of(1, 2)));
    assertThat(details.of(null)).isNull();
  }

  @Test
  void cutsParametersToWhatIdentifiesThem() {
    assertThat(AuditDetails.cut(Map.of("state", "ACTIVE-AND-LONG", "password", "x"), 4, 6))
        .isEqualTo(Map.of("state", "ACTIVE", "passwo", "(not recorded)"));
  }
}
