package dev.gpucloud.inventory.instance;

import dev.gpucloud.contracts.event.InstanceFact;
import dev.gpucloud.contracts.event.OrderFact;
import dev.gpucloud.contracts.id.ClusterId;
import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.OperationId;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.inventory.instance.Lifecycle.Moment;
import dev.gpucloud.inventory.placement.engine.Apart;
import dev.gpucloud.inventory.placement.engine.Slot;
import dev.gpucloud.inventory.placement.engine.Strength;
import dev.gpucloud.kit.access.ProjectRef;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The row of an instance. Its state is changed through {@link Lifecycle} alone, which gives every
 * change its sequence number and its event.
 */
@Entity
@Table(name = "instance")
public class InstanceEntity {
  @Id UUID id;

  @Column(updatable = false)
  UUID tenantId;

  UUID projectId;

  String tenantSlug;
  String projectSlug;
  String name;

  @Enumerated(EnumType.STRING)
  InstanceState state;

  @Nullable String reason;
  String instanceType;
  String modelId;
  int gpus;
  @Nullable String migProfile;
  int slices;
  int vcpus;
  int memoryGib;
  @Nullable String requestedSite;
  String siteId;
  String regionId;
  @Nullable UUID hostId;
  UUID runId;
  String purchaseClass;
  @Nullable String costCenter;
  String labels;
  @Nullable String image;
  long sequence;
  String desired;
  long orderSequence;
  long orderEpoch;
  long desiredSequence;
  long desiredEpoch;
  Instant orderSentAt;
  Instant desiredSince;
  @Nullable String observed;
  boolean holding;
  long mask;
  int bootFailures;
  boolean retryDue;
  int bootGeneration;
  int bootedGeneration;
  @Nullable String resizeType;
  int resizeGpus;
  int resizeVcpus;
  int resizeMemoryGib;
  long resizeMask;
  @Nullable UUID operationId;
  boolean equipped;
  @Transient InstanceSetup setup = InstanceSetup.NONE;
  @Nullable UUID clusterId;
  @Nullable String clusterRole;
  @Nullable String maintenanceReason;
  @Nullable Instant maintenanceAt;
  @Nullable String apartGroup;
  @Nullable String apartOver;
  @Nullable String apartStrength;
  boolean dedicated;
  String createdBy;
  Instant createdAt;
  @Nullable Instant startedAt;
  @Nullable Instant stoppedAt;
  Instant updatedAt;
  long version;

  protected InstanceEntity() {}

  /** A new instance that nothing has happened to yet. */
  InstanceEntity(InstanceDraft draft) {
    id = draft.id().value();
    tenantId = draft.tenant().id().value();
    projectId = draft.project().id().value();
    tenantSlug = draft.tenant().slug();
    projectSlug = draft.project().slug();
    name = draft.name();
    state = InstanceState.PENDING;
    instanceType = draft.type().id();
    modelId = draft.type().model();
    gpus = draft.type().shape().gpus();
    migProfile = draft.type().migProfile();
    slices = draft.type().shape().slices();
    vcpus = draft.type().shape().vcpus();
    memoryGib = draft.type().shape().memoryGib();
    requestedSite = draft.site();
    purchaseClass = draft.purchaseClass();
    costCenter = draft.project().fact().costCenter();
    labels = draft.labelsJson();
    createdBy = draft.actor();
    operationId = draft.operation().value();
    dedicated = draft.standing().dedicated();
    Apart apart = draft.standing().apart();
    if (apart != null) {
      apartGroup = apart.group();
      apartOver = apart.over().name();
      apartStrength = apart.strength().name();
    }
    image = draft.image();
    setup = draft.setup();
    equipped = !setup.isEmpty();
    ClusterRef cluster = draft.cluster();
    if (cluster != null) {
      clusterId = cluster.id().value();
      clusterRole = cluster.role().name();
    }
  }

  /** The cluster that it belongs to, null for an instance of its own. */
  public @Nullable ClusterRef cluster() {
    return clusterId == null || clusterRole == null
        ? null
        : new ClusterRef(new ClusterId(clusterId), ClusterRef.Role.valueOf(clusterRole));
  }

  /** How it stands to other instances, wherever it is placed. */
  public Standing standing() {
    Apart apart =
        apartGroup == null || apartOver == null || apartStrength == null
            ? null
            : new Apart(apartGroup, Apart.Over.valueOf(apartOver), Strength.valueOf(apartStrength));
    return new Standing(apart, dedicated);
  }

  public InstanceId id() {
    return new InstanceId(id);
  }

  public TenantId tenantId() {
    return new TenantId(tenantId);
  }

  public ProjectId projectId() {
    return new ProjectId(projectId);
  }

  public String tenantSlug() {
    return tenantSlug;
  }

  public String projectSlug() {
    return projectSlug;
  }

  public String name() {
    return name;
  }

  public InstanceState state() {
    return state;
  }

  public @Nullable String reason() {
    return reason;
  }

  public String instanceType() {
    return instanceType;
  }

  public String modelId() {
    return modelId;
  }

  public int gpus() {
    return gpus;
  }

  public @Nullable String migProfile() {
    return migProfile;
  }

  public int slices() {
    return slices;
  }

  public @Nullable String requestedSite() {
    return requestedSite;
  }

  public String siteId() {
    return siteId;
  }

  public String regionId() {
    return regionId;
  }

  public @Nullable HostId hostId() {
    return hostId == null ? null : new HostId(hostId);
  }

  public RunId runId() {
    return new RunId(runId);
  }

  public String purchaseClass() {
    return purchaseClass;
  }

  public String labelsJson() {
    return labels;
  }

  public long sequence() {
    return sequence;
  }

  public boolean holding() {
    return holding;
  }

  public @Nullable OperationId operationId() {
    return operationId == null ? null : new OperationId(operationId);
  }

  public String createdBy() {
    return createdBy;
  }

  public Instant createdAt() {
    return createdAt;
  }

  public @Nullable Instant startedAt() {
    return startedAt;
  }

  public @Nullable Instant stoppedAt() {
    return stoppedAt;
  }

  public Instant updatedAt() {
    return updatedAt;
  }

  public long version() {
    return version;
  }

  /** Hosts that failed to boot it since it was last asked to start. */
  public int bootFailures() {
    return bootFailures;
  }

  /** Its boot failed and it waits for another host. */
  public boolean retryDue() {
    return retryDue;
  }

  /** Sequence of the first order with what is wanted now. */
  public long desiredSequence() {
    return desiredSequence;
  }

  /** What a new instance is given; not read back with its row. */
  InstanceSetup setup() {
    return setup;
  }

  /** Orders to run it carry a setup. */
  public boolean equipped() {
    return equipped;
  }

  void stayAtSite() {
    requestedSite = siteId;
  }

  void equip() {
    equipped = true;
  }

  /** The image version that it was made from. */
  public @Nullable String image() {
    return image;
  }

  public @Nullable String costCenter() {
    return costCenter;
  }

  public int vcpus() {
    return vcpus;
  }

  public int memoryGib() {
    return memoryGib;
  }

  /** The slices that it holds on its host. */
  public long mask() {
    return mask;
  }

  /** How often its present run was told to boot again. */
  public int bootGeneration() {
    return bootGeneration;
  }

  /** It was told to boot again, and its agent has not said yet that it has. */
  public boolean rebootPending() {
    return bootGeneration > bootedGeneration;
  }

  /** The type that it is being resized to, null when it is not. */
  public @Nullable String resizeType() {
    return resizeType;
  }

  boolean resizing() {
    return resizeType != null;
  }

  /** What it will hold is less than what it holds. */
  boolean isShrinking() {
    return resizing() && (resizeMask != mask || resizeVcpus < vcpus || resizeMemoryGib < memoryGib);
  }

  Slot resizedSlot() {
    return new Slot(
        new HostId(Objects.requireNonNull(hostId)), resizeMask, resizeVcpus, resizeMemoryGib);
  }

  /** The pool that its GPUs are of. */
  public String poolId() {
    return siteId + "/" + modelId;
  }

  /** Its order was last sent before the limit and is not fulfilled. */
  public boolean isOverdue(Instant limit) {
    return holding
        && (state != InstanceState.RUNNING || rebootPending())
        && orderSentAt.isBefore(limit);
  }

  /** What its tenant was told about its host, null when nothing is planned. */
  public @Nullable MaintenanceNotice notice() {
    return maintenanceReason == null
        ? null
        : new MaintenanceNotice(maintenanceAt, maintenanceReason);
  }

  void notice(@Nullable MaintenanceNotice told) {
    maintenanceReason = told == null ? null : told.reason();
    maintenanceAt = told == null ? null : told.at();
  }

  boolean wantsToRun() {
    return OrderFact.RUNNING.equals(desired);
  }

  void moveTo(InstanceState next, @Nullable String why) {
    state = next;
    reason = why;
  }

  void placeAt(Slot slot, String site, String region, RunId run) {
    hostId = slot.host().value();
    mask = slot.mask();
    siteId = site;
    regionId = region;
    runId = run.value();
    holding = true;
    observed = null;
    startedAt = null;
    stoppedAt = null;
    bootGeneration = 0;
    bootedGeneration = 0;
    forgetResize();
  }

  void bootAgain() {
    bootGeneration++;
  }

  void bootAgainAs(OfferedShape to, long newMask) {
    bootGeneration++;
    resizeType = to.id();
    resizeGpus = to.shape().gpus();
    resizeVcpus = to.shape().vcpus();
    resizeMemoryGib = to.shape().memoryGib();
    resizeMask = newMask;
  }

  /** The boot that was ordered has happened: the shape that it was for is its own now. */
  void booted() {
    bootedGeneration = bootGeneration;
    if (resizeType != null) {
      instanceType = resizeType;
      gpus = resizeGpus;
      slices = Long.bitCount(resizeMask);
      vcpus = resizeVcpus;
      memoryGib = resizeMemoryGib;
      mask = resizeMask;
      forgetResize();
    }
  }

  /** Its run ends: a boot that was ordered and not reported will not come. */
  void forgetReboot() {
    bootedGeneration = bootGeneration;
    forgetResize();
  }

  private void forgetResize() {
    resizeType = null;
    resizeGpus = 0;
    resizeVcpus = 0;
    resizeMemoryGib = 0;
    resizeMask = 0;
  }

  void become(OfferedShape to) {
    instanceType = to.id();
    gpus = to.shape().gpus();
    migProfile = to.migProfile();
    slices = to.shape().slices();
    vcpus = to.shape().vcpus();
    memoryGib = to.shape().memoryGib();
  }

  void hold(long newMask) {
    mask = newMask;
  }

  void belongTo(ProjectRef project) {
    projectId = project.id().value();
    projectSlug = project.slug();
    costCenter = project.fact().costCenter();
  }

  void bootFailed() {
    bootFailures++;
  }

  void awaitRetry(boolean due) {
    retryDue = due;
  }

  void forgetBootFailures() {
    bootFailures = 0;
  }

  void letGo() {
    holding = false;
    hostId = null;
    mask = 0;
  }

  void observe(String what) {
    observed = what;
  }

  void startedAt(Instant at) {
    startedAt = at;
  }

  void stoppedAt(Instant at) {
    stoppedAt = at;
  }

  void createdAt(Instant at) {
    createdAt = at;
  }

  void operate(OperationId operation) {
    operationId = operation.value();
  }

  void rename(String newName) {
    name = newName;
  }

  void label(String newLabelsJson) {
    labels = newLabelsJson;
  }

  void touch(Instant at) {
    updatedAt = at;
    version++;
  }

  long nextSequence() {
    return ++sequence;
  }

  /** An order that changes what is wanted: reports on earlier orders no longer count. */
  OrderFact issue(String wanted, Moment now) {
    desired = wanted;
    notice(null);
    desiredSequence = orderSequence + 1;
    desiredEpoch = now.epoch();
    desiredSince = now.system();
    return repeat(now);
  }

  /** The order once more, for an agent that has not answered. */
  OrderFact repeat(Moment now) {
    orderSequence++;
    orderEpoch = now.epoch();
    orderSentAt = now.system();
    boolean ahead = Reshaping.isAhead(this);
    return new OrderFact(
        new HostId(Objects.requireNonNull(hostId)),
        id(),
        runId(),
        orderEpoch,
        orderSequence,
        desired,
        ahead ? Objects.requireNonNull(resizeType) : instanceType,
        ahead ? resizeGpus : gpus,
        migProfile,
        "%016x".formatted(ahead ? resizeMask : mask),
        image,
        now.business(),
        bootGeneration == 0 ? null : bootGeneration,
        null);
  }

  /** An order that a run it left behind on a host shall be gone. */
  OrderFact gone(LeftBehind left, Moment now) {
    orderSequence++;
    return new OrderFact(
        left.host(),
        id(),
        left.run(),
        now.epoch(),
        orderSequence,
        OrderFact.ABSENT,
        instanceType,
        gpus,
        migProfile,
        "%016x".formatted(left.mask()),
        image,
        now.business());
  }

  /** Whether a report answers an order that still counts. */
  boolean isAnsweredBy(long reportEpoch, long reportOrder) {
    return reportEpoch >= desiredEpoch
        && reportEpoch <= orderEpoch
        && reportOrder >= desiredSequence
        && reportOrder <= orderSequence;
  }

  /** The instance as events tell it. */
  InstanceFact fact(@Nullable String why, Instant at) {
    return new InstanceFact(
        id(),
        runId(),
        tenantId(),
        projectId(),
        tenantSlug,
        projectSlug,
        name,
        instanceType,
        modelId,
        gpus,
        migProfile,
        slices,
        siteId,
        regionId,
        hostId(),
        purchaseClass,
        costCenter,
        state.name(),
        why,
        at,
        maintenanceAt);
  }
}
