package dev.gpucloud.billing.invoice;

/** What the close of a batch of accounts has come to. */
enum MonthPoint {
  /** All that decides the month is read. */
  READ,
  /** Rated in memory; nothing is written. */
  RATED,
  /** Drafts are committed; the walk does not know of them. */
  DRAFTED,
  /** What is issued is posted, not committed. */
  POSTED,
  /** What is issued has its numbers, not committed. */
  NUMBERED,
  /** Issued and committed; the walk does not know of it. */
  ISSUED
}
