package dev.gpucloud.tenant.webhooks.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WebhookSecretTest {
  /** The vector that the reference libraries of Standard Webhooks are tested with. */
  @Test
  void signsAsThePublishedVector() {
    WebhookSecret secret = WebhookSecret.parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    String signature =
        secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}");

    assertThat(signature).isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void signsIdAndTimeBesideTheBody() {
    WebhookSecret secret = new WebhookSecret(new byte[WebhookSecret.BYTES]);
    assertThat(secret.sign("a", 1, "x"))
        .isNotEqualTo(secret.sign("b", 1, "x"))
        .isNotEqualTo(secret.sign("a", 2, "x"))
        .isNotEqualTo(secret.sign("a", 1, "y"))
        .isEqualTo(secret.sign("a", 1, "x"));
  }

  @Test
  void isReadAsItIsWrittenAndNeverShown() {
    WebhookSecret secret = WebhookSecret.parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    assertThat(secret.text()).isEqualTo("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    assertThat(secret).hasToString("whsec_...");
    assertThatThrownBy(() -> WebhookSecret.parse("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
