package dev.gpucloud.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  @Test
  void continuesTheCallersTraceWithASpanOfItsOwn() {
    TraceContext trace = TraceContext.continuing("00-" + TRACE + "-00f067aa0ba902b7-00");
    assertThat(trace.traceId()).isEqualTo(TRACE);
    assertThat(trace.flags()).isEqualTo("00");
    assertThat(trace.spanId()).matches("[0-9a-f]{16}").isNotEqualTo("00f067aa0ba902b7");
    assertThat(trace.traceparent()).isEqualTo("00-" + TRACE + "-" + trace.spanId() + "-00");
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "garbage",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"
      })
  void beginsATraceWhenThereIsNone(String given) {
    assertThat(TraceContext.continuing(given).traceparent())
        .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01")
        .doesNotContain(TRACE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc", "A1.b_c:d-e", "0190c3f0-aaaa-7bbb-8ccc-000000000001"})
  void keepsAHarmlessRequestId(String given) {
    assertThat(RequestId.accept(given)).isEqualTo(given);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", " ", "-x", "a b", "a\"b", "{}", "<script>"})
  void replacesAnyOtherRequestId(String given) {
    assertThat(RequestId.accept(given)).isNotEqualTo(given).hasSize(36);
  }

  @Test
  void replacesALongRequestId() {
    assertThat(RequestId.accept("a".repeat(65))).hasSize(36);
  }
}
