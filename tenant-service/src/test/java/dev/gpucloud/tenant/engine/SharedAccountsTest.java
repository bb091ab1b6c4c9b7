package dev.gpucloud.tenant.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.contracts.problem.FieldError;
import dev.gpucloud.tenant.engine.SharedAccounts.Asked;
import dev.gpucloud.tenant.engine.SharedAccounts.Holder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SharedAccountsTest {
  private static final String NUMBER = "000-00-00015";
  private static final Holder BILLED = new Holder(NUMBER, BillingMode.GROUP_SERVICE);
  private final Map<String, TenantTree.Node> nodes = new HashMap<>();
  private final Map<String, Holder> holders = new HashMap<>();
  private final Map<String, Asked> asked = new HashMap<>();

  @Test
  void aNumberThatNobodyHasIsFree() {
    stands("one", null, BILLED);
    asked.put("one", new Asked("", true, null));

    assertThat(wrong("one")).isEmpty();
  }

  @Test
  void aNumberOfAnotherIsRefusedUnlessItIsNamed() {
    stands("one", null, BILLED);
    stands("two", null, BILLED);
    asked.put("two", new Asked("/t", true, null));
    assertThat(wrong("two")).containsExactly("/t/sharesAccountWith");

    asked.put("two", new Asked("/t", true, "three"));
    assertThat(wrong("two")).containsExactly("/t/sharesAccountWith");

    asked.put("two", new Asked("/t", true, "one"));
    assertThat(wrong("two")).isEmpty();
  }

  @Test
  void oneOfTwoThatComeTogetherNamesTheOther() {
    stands("one", null, BILLED);
    stands("two", null, BILLED);
    asked.put("one", new Asked("/1", true, null));
    asked.put("two", new Asked("/2", true, "one"));

    assertThat(wrong("one")).isEmpty();
    assertThat(wrong("two")).isEmpty();
  }

  @Test
  void whoStandsAboveOrBelowIsTheSameCompanyAndSiblingsAreNot() {
    stands("group", null, null);
    stands("company", "group", BILLED);
    stands("division", "company", BILLED);
    stands("beside", "group", BILLED);
    asked.put("company", new Asked("", true, null));
    asked.put("division", new Asked("", true, null));
    asked.put("beside", new Asked("", true, null));

    assertThat(wrong("company")).isEmpty();
    assertThat(wrong("division")).isEmpty();
    assertThat(wrong("beside")).containsExactly("/sharesAccountWith");
  }

  @Test
  void oneAccountHasOneBillingMode() {
    stands("company", null, BILLED);
    stands("division", "company", new Holder(NUMBER, BillingMode.COST_SHARE));
    stands("house", null, new Holder(NUMBER, null));
    asked.put("division", new Asked("", false, null));
    asked.put("house", new Asked("", true, "company"));

    assertThat(wrong("division")).containsExactly("/billingMode");
    assertThat(wrong("house")).describedAs("is not billed").isEmpty();
  }

  @Test
  void whoAsksForNothingIsLeftAlone() {
    stands("company", null, BILLED);
    stands("division", "company", new Holder(NUMBER, BillingMode.COST_SHARE));

    assertThat(wrong("division")).isEmpty();
  }

  @Test
  void thereIsNothingToShareWithoutANumber() {
    stands("company", null, BILLED);
    nodes.put("showback", new TenantTree.Node(null, null));
    asked.put("showback", new Asked("", true, "company"));

    assertThat(wrong("showback")).containsExactly("/sharesAccountWith");
  }

  private void stands(String slug, String parent, Holder holder) {
    nodes.put(slug, new TenantTree.Node(null, parent));
    if (holder != null) {
      holders.put(slug, holder);
    }
  }

  private List<String> wrong(String slug) {
    var violations = new Violations();
    new SharedAccounts(new TenantTree(nodes), holders, asked).check(slug, violations);
    return violations.list().stream().map(FieldError::pointer).toList();
  }
}
