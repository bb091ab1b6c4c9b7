package dev.gpucloud.billing.close;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.close.engine.Finding;
import dev.gpucloud.contracts.time.BillingMonth;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/** A part of billing that has something to say before a month is closed for an account. */
public interface FindingSource {
  /**
   * Everything found of each account, waived or not, with a few statements whatever their number;
   * one of which all is well has no entry.
   */
  Uni<Map<UUID, List<Finding>>> find(Mutiny.Session s, List<Account> accounts, BillingMonth month);
}
