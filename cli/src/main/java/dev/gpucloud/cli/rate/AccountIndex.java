package dev.gpucloud.cli.rate;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the accounts of a price book are called: by id, business number and tenant. */
final class AccountIndex {
  private final @Nullable String operatorNumber;
  private final Once once = new Once();
  private final Set<String> ids = new LinkedHashSet<>();
  private final Map<String, String> byTenant = new HashMap<>();
  private final Map<String, String> byNumber = new HashMap<>();

  AccountIndex(@Nullable String operatorNumber) {
    this.operatorNumber = operatorNumber;
  }

  void account(Fields f, String id, @Nullable String businessNumber) {
    once.check(f, "accountId", "account " + id);
    ids.add(id);
    if (businessNumber != null) {
      String other = byNumber.putIfAbsent(plain(businessNumber), id);
      if (other != null) {
        f.wrong("businessNumber", "is that of account " + other);
      }
    }
  }

  /** A tenant is paid for by one account. */
  void tenant(Fields f, String field, String name, String account) {
    once.check(f, field, "tenant " + name);
    byTenant.putIfAbsent(name, account);
  }

  /** An id means one credit, whichever account has it; {@code key} is what its text means. */
  void credit(Fields f, String id, Object key) {
    if (!id.isEmpty()) {
      once.check(f, "id", "credit " + id, key);
    }
  }

  boolean isAccount(String id) {
    return ids.contains(id);
  }

  /** What the operator uses itself is never a supply. */
  boolean isOperator(@Nullable String businessNumber) {
    return businessNumber != null
        && operatorNumber != null
        && plain(businessNumber).equals(plain(operatorNumber));
  }

  /** The account of a name: an id goes before a tenant, a tenant before a business number. */
  @Nullable String find(String name) {
    String id = ids.contains(name) ? name : byTenant.get(name);
    return id == null ? byNumber.get(plain(name)) : id;
  }

  /** A business number without hyphens: 123-45-67890 is 1234567890. */
  static String plain(String businessNumber) {
    return businessNumber.replaceAll("[\\s-]", "");
  }
}
