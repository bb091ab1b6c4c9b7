package dev.gpucloud.inventory.faults.engine;

import static dev.gpucloud.inventory.faults.engine.FaultAction.DRAIN_GPU;
import static dev.gpucloud.inventory.faults.engine.FaultAction.IGNORE;
import static dev.gpucloud.inventory.faults.engine.FaultAction.QUARANTINE_HOST;
import static dev.gpucloud.inventory.faults.engine.FaultAction.WATCH;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the XID codes of NVIDIA's driver ask for unless an admin decided otherwise. Meaning and
 * severity follow NVIDIA's Xid catalogue
 * (https://docs.nvidia.com/deploy/xid-errors/analyzing-xid-catalog.html); a code whose immediate
 * action there is to restart the program is ignored here, one that wants the GPU reset drains the
 * GPU, one that concerns the host's links or bus quarantines the host. The wording is ours. A code
 * that is not listed is watched.
 */
public final class XidCatalogue {
  private static final Map<Integer, FaultRule> RULES = new TreeMap<>();

  static {
    rule(8, IGNORE, "A program kept the GPU busy past its time limit and was ended.");
    rule(13, IGNORE, "A program raised an exception in the graphics engine; it must be restarted.");
    rule(31, IGNORE, "A program touched an address of the GPU that is not mapped.");
    rule(32, WATCH, "A command stream was corrupt; often a program, sometimes the bus.");
    rule(38, WATCH, "The driver's firmware failed; repeated, the driver needs an update.");
    rule(43, IGNORE, "A program's channel was reset after its own fault; the GPU goes on.");
    rule(44, WATCH, "The graphics engine faulted during a context switch.");
    rule(45, IGNORE, "Work was cleaned up after its program ended or another fault ended it.");
    rule(46, DRAIN_GPU, "The GPU stopped working and must be reset.");
    rule(48, DRAIN_GPU, "Memory had an error that could not be corrected; the GPU must be reset.");
    rule(61, DRAIN_GPU, "The GPU's power controller hit a breakpoint and must be reset.");
    rule(62, DRAIN_GPU, "The GPU's power controller halted; the GPU must be reset.");
    rule(63, WATCH, "A bad memory row was noted for remapping; it takes effect with a reset.");
    rule(64, DRAIN_GPU, "A bad memory row could not be noted for remapping.");
    rule(66, WATCH, "The driver allowed an access that it should have refused.");
    rule(68, WATCH, "The video decoder failed; repeated, the GPU should be reset.");
    rule(69, IGNORE, "A program sent a command that the graphics engine does not know.");
    rule(74, QUARANTINE_HOST, "An NVLink connection failed, which neighbours on the host share.");
    rule(78, WATCH, "A virtual GPU could not be started.");
    rule(79, QUARANTINE_HOST, "The GPU is gone from the bus; the host needs work.");
    rule(92, WATCH, "Corrected memory errors come at a high rate.");
    rule(94, WATCH, "A memory error hit one program only, which was ended.");
    rule(95, DRAIN_GPU, "A memory error may have hit every program on the GPU; reset it.");
    rule(109, DRAIN_GPU, "A context switch timed out; the GPU must be reset.");
    rule(110, QUARANTINE_HOST, "The GPU reports a breach of its security; the host needs work.");
    rule(119, DRAIN_GPU, "The GPU's system processor does not answer; the GPU must be reset.");
    rule(120, DRAIN_GPU, "The GPU's system processor failed; the GPU must be reset.");
    rule(121, WATCH, "A link between chips corrected an error.");
    rule(123, DRAIN_GPU, "The driver's power requests fail; the GPU must be reset.");
    rule(136, DRAIN_GPU, "The GPU's links could not be trained; the GPU must be reset.");
    rule(137, IGNORE, "A program made an access over NVLink that its peer does not allow.");
    rule(140, DRAIN_GPU, "Memory errors were not recovered from; the GPU must be reset.");
    rule(143, QUARANTINE_HOST, "A GPU does not come up; the host needs work.");
    rule(154, WATCH, "The driver changed what it recommends for recovery; see its message.");
  }

  private XidCatalogue() {}

  private static void rule(int xid, FaultAction action, String reason) {
    RULES.put(xid, new FaultRule(xid, action, reason));
  }

  /** The rule of a code. */
  public static FaultRule rule(int xid) {
    FaultRule known = RULES.get(xid);
    return known == null ? new FaultRule(xid, WATCH, "The code is not in our table.") : known;
  }

  /** All rules, by code. */
  public static Collection<FaultRule> rules() {
    return RULES.values();
  }
}
