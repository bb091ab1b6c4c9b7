package dev.gpucloud.gateway.limits.engine;

/** Where shared buckets say that they owe the store something, and hear on which terms. */
public interface Ledger {

  /** The terms of now. */
  Terms terms();

  /** The bucket has given tokens that the store does not know of; said once until it is settled. */
  void owes(SharedBucket debtor);

  /** A bucket has given half of what it may: the store is to be told soon. */
  void hurry();
}
