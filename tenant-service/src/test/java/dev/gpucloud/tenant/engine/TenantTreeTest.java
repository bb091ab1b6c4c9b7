package dev.gpucloud.tenant.engine;

import static dev.gpucloud.tenant.engine.TenantKind.EXTERNAL;
import static dev.gpucloud.tenant.engine.TenantKind.GROUP;
import static dev.gpucloud.tenant.engine.TenantKind.SUBSIDIARY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.tenant.engine.TenantTree.Node;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TenantTreeTest {
  private static final TenantTree GROUP_TREE =
      new TenantTree(
          Map.of(
              "group", new Node(GROUP, null),
              "company", new Node(SUBSIDIARY, "group"),
              "division", new Node(SUBSIDIARY, "company"),
              "customer", new Node(EXTERNAL, null)));

  @Test
  void acceptsGroupSubsidiaryAndDivision() {
    assertThat(GROUP_TREE.refusal("group")).isEmpty();
    assertThat(GROUP_TREE.refusal("company")).isEmpty();
    assertThat(GROUP_TREE.refusal("division")).isEmpty();
    assertThat(GROUP_TREE.refusal("customer")).isEmpty();
  }

  @Test
  void listsAncestorsFromTheParentUpwards() {
    assertThat(GROUP_TREE.ancestors("division")).containsExactly("company", "group");
    assertThat(GROUP_TREE.ancestors("group")).isEmpty();
  }

  @Test
  void refusesAnUnknownParent() {
    TenantTree tree = GROUP_TREE.with(Map.of("lost", new Node(SUBSIDIARY, "nowhere")));
    assertThat(tree.refusal("lost")).contains("no tenant has the slug 'nowhere'");
  }

  @Test
  void refusesAFourthLevel() {
    TenantTree tree = GROUP_TREE.with(Map.of("team", new Node(SUBSIDIARY, "division")));
    assertThat(tree.refusal("team")).hasValueSatisfying(w -> assertThat(w).contains("3 levels"));
  }

  @Test
  void refusesACycleAtEachOfItsMembers() {
    TenantTree tree = GROUP_TREE.with(Map.of("company", new Node(SUBSIDIARY, "division")));
    assertThat(tree.refusal("company"))
        .contains("'company' would be its own ancestor: division < company");
    assertThat(tree.refusal("division"))
        .contains("'division' would be its own ancestor: company < division");
  }

  @Test
  void refusesATenantAsItsOwnParent() {
    TenantTree tree = GROUP_TREE.with(Map.of("selfish", new Node(SUBSIDIARY, "selfish")));
    assertThat(tree.refusal("selfish")).contains("'selfish' would be its own ancestor: selfish");
  }

  @Test
  void walksATenantBelowACycleOnlyOnce() {
    TenantTree tree =
        new TenantTree(
            Map.of(
                "a", new Node(SUBSIDIARY, "b"),
                "b", new Node(SUBSIDIARY, "a"),
                "below", new Node(SUBSIDIARY, "a")));
    assertThat(tree.ancestors("below")).containsExactly("a", "b");
  }

  @Test
  void keepsCustomersAndTheGroupApart() {
    TenantTree tree =
        GROUP_TREE.with(
            Map.of(
                "intruder", new Node(EXTERNAL, "group"),
                "adopted", new Node(SUBSIDIARY, "customer"),
                "branch", new Node(EXTERNAL, "customer")));
    assertThat(tree.refusal("intruder")).contains("EXTERNAL cannot stand below GROUP");
    assertThat(tree.refusal("adopted")).contains("SUBSIDIARY cannot stand below EXTERNAL");
    assertThat(tree.refusal("branch")).isEmpty();
  }
}
