package dev.gpucloud.billing.correction;

import dev.gpucloud.billing.correction.LateUsage.Found;
import dev.gpucloud.billing.statement.engine.StatementLine;
import dev.gpucloud.contracts.money.Won;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What stands on a note, and the items of the document that replaces an original. */
final class NoteWords {
  private static final int MOST_ITEMS = 99;

  private NoteWords() {}

  static String of(NoteKind kind, NoteTarget target) {
    return switch (kind) {
      case LATE_USAGE -> "Usage of " + target.month() + ", corrected";
      case SLA -> "SLA credit for " + target.month();
      case SUPPLY_CHANGE -> "Change of the supply value of " + target.month();
      case RESCINDED -> "Contract rescinded, " + target.month();
      case DOUBLE_ISSUE -> "Issued twice, " + target.month();
    };
  }

  /**
   * An item per SKU and project as the month is known now. What else stands on the document
   * (earlier months' corrections of the same tax type), or is charged by another one, is an item of
   * its own, so that all sum up to the right supply value.
   */
  static List<NoteItem> items(Found found, NoteTarget target) {
    Won right = target.supply(target.usual()).plus(found.correction().supplyChange());
    Map<String, Long> bySku = new LinkedHashMap<>();
    Map<String, String> specs = new LinkedHashMap<>();
    for (StatementLine line : found.now().lines()) {
      String sku = line.key().item();
      bySku.merge(sku, line.supply().amount(), Math::addExact);
      specs.put(sku, line.key().version());
    }
    bySku.values().removeIf(amount -> amount == 0);
    var items = new ArrayList<NoteItem>();
    long listed = 0;
    for (Map.Entry<String, Long> e : bySku.entrySet()) {
      if (items.size() < MOST_ITEMS - 1) {
        items.add(new NoteItem(e.getKey(), specs.get(e.getKey()), Long.toString(e.getValue())));
        listed = Math.addExact(listed, e.getValue());
      }
    }
    long rest = right.amount() - listed;
    if (rest != 0 || items.isEmpty()) {
      items.add(new NoteItem(of(NoteKind.LATE_USAGE, target), null, Long.toString(rest)));
    }
    return List.copyOf(items);
  }
}
