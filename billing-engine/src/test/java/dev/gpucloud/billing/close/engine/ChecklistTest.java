package dev.gpucloud.billing.close.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.billing.close.engine.WaiverState.Decision;
import dev.gpucloud.billing.close.engine.WaiverState.Proposed;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChecklistTest {
  private static Finding finding(Check check, String subject) {
    return new Finding(check, subject, check + " of " + subject, Map.of());
  }

  private static CheckState state(Checklist list, Check check) {
    return list.items().stream().filter(i -> i.code() == check).findFirst().orElseThrow().state();
  }

  @Test
  void listsEveryCheckAndIsClearWhenNothingWasFound() {
    Checklist list = Checklist.of(List.of(), Set.of());

    assertThat(list.items()).extracting(Checklist.Item::code).containsExactly(Check.values());
    assertThat(list.items()).extracting(Checklist.Item::state).containsOnly(CheckState.OK);
    assertThat(list.isClear()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Check.class)
  void blocksOrWarnsAsItsCheckSays(Check check) {
    Checklist list = Checklist.of(List.of(finding(check, "a")), Set.of());

    assertThat(state(list, check))
        .isEqualTo(check.blocks() ? CheckState.BLOCKING : CheckState.WARNING);
    assertThat(list.isClear()).isEqualTo(!check.blocks());
  }

  @ParameterizedTest
  @EnumSource(Check.class)
  void waiversCountForWhatIsWaivableOnly(Check check) {
    Finding found = finding(check, "a");

    Checklist list = Checklist.of(List.of(found), Set.of(found.key()));

    assertThat(list.isClear()).isEqualTo(check.isWaivable() || !check.blocks());
  }

  @Test
  void whatIsTooMuchToShowCannotBeWaived() {
    List<Finding> all =
        IntStream.rangeClosed(0, Findings.MOST)
            .mapToObj(i -> finding(Check.MISSING_EVENTS, "ins_" + i))
            .toList();
    Set<Finding.Key> everyOne = all.stream().map(Finding::key).collect(Collectors.toSet());

    Checklist list = Checklist.of(all, everyOne);

    assertThat(list.blocking())
        .singleElement()
        .extracting(Finding::code, Finding::subject)
        .containsExactly(Check.MORE_FINDINGS, "MISSING_EVENTS");
    assertThat(Checklist.of(all.subList(1, all.size()), everyOne).isClear()).isTrue();
  }

  @Test
  void aWaiverCoversItsOwnFindingAndNoOther() {
    Finding one = finding(Check.MISSING_EVENTS, "ins_1@4");
    Finding later = finding(Check.MISSING_EVENTS, "ins_1@5");
    Finding sameSubject = finding(Check.PARKED_EVENTS, "ins_1@4");

    Checklist list = Checklist.of(List.of(one, later, sameSubject), Set.of(one.key()));

    assertThat(list.blocking()).containsExactlyInAnyOrder(later, sameSubject);
    assertThat(state(list, Check.MISSING_EVENTS)).isEqualTo(CheckState.BLOCKING);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void neitherOrderNorRepetitionOfFindingsMatters(long seed) {
    var random = new Random(seed);
    List<Finding> findings =
        IntStream.range(0, 20)
            .mapToObj(
                i ->
                    finding(
                        Check.values()[random.nextInt(Check.values().length)],
                        "s" + random.nextInt(6)))
            .toList();
    Set<Finding.Key> waived = Set.of(findings.get(0).key(), findings.get(7).key(), key("x"));
    List<Finding> shuffled = new java.util.ArrayList<>(findings);
    shuffled.addAll(findings);
    Collections.shuffle(shuffled, random);

    Checklist a = Checklist.of(findings, waived);
    Checklist b = Checklist.of(shuffled, waived);

    assertThat(b.blocking()).containsExactlyInAnyOrderElementsOf(a.blocking());
    Arrays.stream(Check.values())
        .forEach(check -> assertThat(state(b, check)).isEqualTo(state(a, check)));
  }

  private static Finding.Key key(String subject) {
    return new Finding.Key(Check.ANOMALY, subject);
  }

  @Test
  void nobodyConfirmsTheirOwnWaiver() {
    assertThat(new Proposed("a").confirm("a")).isEqualTo(new Decision.RefusedToProposer("a"));
    assertThat(new Proposed("a").confirm("b"))
        .isEqualTo(new Decision.Made(new WaiverState.Confirmed("a", "b")));
    assertThat(new Proposed("a").reject("a").name()).isEqualTo("REJECTED");
  }

  @Test
  void aMonthIsCompleteWhenNothingIsLeftToDo() {
    var half =
        MonthProgress.of(
            List.of(
                AccountStanding.ISSUED,
                AccountStanding.NOTHING_TO_BILL,
                AccountStanding.BLOCKED,
                AccountStanding.IN_REVIEW,
                AccountStanding.NOT_STARTED,
                AccountStanding.DRAFT));

    assertThat(half.total()).isEqualTo(6);
    assertThat(half.done()).isEqualTo(2);
    assertThat(half.percent()).isEqualTo(33);
    assertThat(half.isComplete()).isFalse();
    assertThat(half.accounts()).containsEntry(AccountStanding.APPROVED, 0L);
    assertThat(MonthProgress.of(Collections.nCopies(3, AccountStanding.ISSUED)).percent())
        .isEqualTo(100);
    assertThat(MonthProgress.of(List.of()).isComplete()).isTrue();
  }
}
