package dev.gpucloud.billing.close;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.close.engine.Finding;
import dev.gpucloud.contracts.time.BillingMonth;
import io.smallrye.mutiny.Uni;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;

/** A part of billing that has something to say before a month is closed for an account. */
public interface FindingSource {
  /** Everything found, waived or not; none when all is well. */
  Uni<List<Finding>> find(Mutiny.Session s, Account account, BillingMonth month);
}
