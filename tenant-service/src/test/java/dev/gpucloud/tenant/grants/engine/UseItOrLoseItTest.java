package dev.gpucloud.tenant.grants.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.tenant.grants.engine.UseItOrLoseIt.Action;
import dev.gpucloud.tenant.grants.engine.UseItOrLoseIt.Span;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class UseItOrLoseItTest {
  private static final Instant START = Instant.parse("2026-11-02T00:00:00Z");
  private static final UseItOrLoseIt RULE =
      new UseItOrLoseIt(40, Duration.ofDays(14), Duration.ofDays(7));
  private static final Span TWO_WEEKS = new Span(START, START.plus(Duration.ofDays(14)));

  @Test
  void measuresOnceTheWindowHasPassed() {
    assertThat(RULE.due(START, null, TWO_WEEKS.to().minusMillis(1))).isNull();
    assertThat(RULE.due(START, null, TWO_WEEKS.to())).isEqualTo(TWO_WEEKS);
    Instant noticed = TWO_WEEKS.to();
    assertThat(RULE.due(START, noticed, noticed.plus(Duration.ofDays(7)).minusMillis(1))).isNull();
    assertThat(RULE.due(START, noticed, noticed.plus(Duration.ofDays(9))))
        .isEqualTo(new Span(noticed, noticed.plus(Duration.ofDays(7))));
  }

  @Test
  void belowTheLimitThereIsNoticeAndThenTheClawBack() {
    long all = Duration.ofDays(14).toSeconds() * 8;
    long enough = all * 40 / 100;

    assertThat(RULE.act(false, TWO_WEEKS, 8, enough)).isEqualTo(Action.NONE);
    assertThat(RULE.act(false, TWO_WEEKS, 8, enough - 1)).isEqualTo(Action.NOTICE);
    assertThat(RULE.act(true, TWO_WEEKS, 8, enough)).isEqualTo(Action.LIFT_NOTICE);
    assertThat(RULE.act(true, TWO_WEEKS, 8, 0)).isEqualTo(Action.CLAW_BACK);
    assertThat(UseItOrLoseIt.usedPct(TWO_WEEKS, 8, all * 3)).isEqualTo(100);
    assertThat(UseItOrLoseIt.usedPct(TWO_WEEKS, 0, 5)).isZero();
  }
}
