package dev.gpucloud.billing.close;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.close.engine.Checklist;
import dev.gpucloud.contracts.time.BillingMonth;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The checklist of an account's month. */
@Schema(name = "CloseChecklist")
record ChecklistView(
    String accountId,
    String businessNumber,
    String name,
    BillingMonth month,
    @Schema(description = "True when an invoice may be submitted and issued.") boolean clear,
    List<ItemView> items) {

  /** A check with what it found; its state is the worst of its findings'. */
  @Schema(name = "CloseItem")
  record ItemView(
      String code,
      @Schema(enumeration = {"OK", "WARNING", "WAIVED", "BLOCKING"}) String state,
      List<FindingView> findings) {}

  /** What a check found; code and subject name it in a waiver. */
  @Schema(name = "CloseFinding")
  record FindingView(
      String subject,
      @Schema(enumeration = {"WARNING", "WAIVED", "BLOCKING"}) String state,
      String detail,
      Map<String, String> params,
      boolean waivable) {}

  static ChecklistView of(Account account, BillingMonth month, Checklist list) {
    return new ChecklistView(
        account.id().toString(),
        account.businessNumber(),
        account.name(),
        month,
        list.isClear(),
        list.items().stream().map(ChecklistView::item).toList());
  }

  private static ItemView item(Checklist.Item item) {
    return new ItemView(
        item.code().name(),
        item.state().name(),
        item.findings().stream()
            .map(
                j ->
                    new FindingView(
                        j.finding().subject(),
                        j.state().name(),
                        j.finding().detail(),
                        j.finding().params(),
                        j.finding().code().isWaivable()))
            .toList());
  }
}
