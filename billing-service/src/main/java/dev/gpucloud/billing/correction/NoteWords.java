package dev.gpucloud.billing.correction;

import dev.gpucloud.billing.correction.LateUsage.Found;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.statement.engine.StatementLine;
import dev.gpucloud.contracts.money.Won;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What stands on a note, and the items of the document that replaces an original. */
final class NoteWords {
  private static final int MOST_ITEMS = 99;

  private NoteWords() {}

  static String of(NoteKind kind, NoteTarget target) {
    return switch (kind) {
      case LATE_USAGE -> "Usage of " + target.month() + ", corrected";
      case SLA -> "SLA credit for " + target.month();
      case SUPPLY_CHANGE ->
          target.taxTypes().equals(Set.of(TaxType.OUT_OF_SCOPE))
              ? "Change of the amount of " + target.month()
              : "Change of the supply value of " + target.month();
      case RESCINDED -> "Contract rescinded, " + target.month();
      case DOUBLE_ISSUE -> "Issued twice, " + target.month();
    };
  }

  /**
   * The items of each tax type's document that a note's lines change: one per SKU as the month is
   * known now. What else stands on the document, such as earlier months' corrections of the same
   * tax type, is an item of its own, so that all sum up to the right supply value.
   */
  static List<NoteItem> items(Found found, NoteTarget target, List<NoteLine> lines) {
    var changes = new TreeMap<TaxType, Won>();
    lines.forEach(line -> changes.merge(line.taxType(), line.supply(), Won::plus));
    var items = new ArrayList<NoteItem>();
    changes.forEach(
        (type, change) ->
            items.addAll(items(type, found, target, target.supply(type).plus(change).amount())));
    return List.copyOf(items);
  }

  private static List<NoteItem> items(TaxType type, Found found, NoteTarget target, long right) {
    Map<String, Long> bySku = new LinkedHashMap<>();
    Map<String, String> specs = new LinkedHashMap<>();
    for (StatementLine line : found.now().lines()) {
      if (line.key().taxType() == type) {
        String sku = line.key().item();
        bySku.merge(sku, line.supply().amount(), Math::addExact);
        specs.put(sku, line.key().version());
      }
    }
    bySku.values().removeIf(amount -> amount == 0);
    var items = new ArrayList<NoteItem>();
    long listed = 0;
    for (Map.Entry<String, Long> e : bySku.entrySet()) {
      if (items.size() < MOST_ITEMS - 1) {
        String supply = Long.toString(e.getValue());
        items.add(new NoteItem(type, e.getKey(), specs.get(e.getKey()), supply));
        listed = Math.addExact(listed, e.getValue());
      }
    }
    long rest = right - listed;
    if (rest != 0 || items.isEmpty()) {
      items.add(new NoteItem(type, of(NoteKind.LATE_USAGE, target), null, Long.toString(rest)));
    }
    return items;
  }
}
