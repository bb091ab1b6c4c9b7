package dev.gpucloud.tenant.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuotaTermsTest {
  @Test
  void whatIsRaisedCanBeReached() {
    assertThat(new QuotaTerms(24, 8, 8).raised(24)).isEqualTo(new QuotaTerms(48, 8, 32));
    assertThat(new QuotaTerms(24, 8, null).raised(24)).isEqualTo(new QuotaTerms(48, 8, null));
    assertThat(QuotaTerms.limit(null).raised(24)).isEqualTo(QuotaTerms.limit(null));
  }

  @Test
  void aGrantedLimitIsReachedWithAsLittleMoreBorrowedAsItTakes() {
    assertThat(new QuotaTerms(16, 8, 4).reaching(24)).isEqualTo(new QuotaTerms(24, 8, 16));
    assertThat(new QuotaTerms(16, null, 4).reaching(24)).isEqualTo(new QuotaTerms(24, null, 24));
    assertThat(new QuotaTerms(16, 8, 40).reaching(24)).isEqualTo(new QuotaTerms(24, 8, 40));
    assertThat(QuotaTerms.limit(16).reaching(24)).isEqualTo(QuotaTerms.limit(24));
  }
}
