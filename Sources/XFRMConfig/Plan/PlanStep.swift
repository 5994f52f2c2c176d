public import XFRMKit

/// One change on the way from what the kernel has to what it is to have.
public struct PlanStep: Sendable {
  /// Where on the way it stands. Each phase may rely on those before it.
  public enum Phase: UInt8, CaseIterable, Hashable, Comparable, Sendable {
    /// Settings, interfaces and routes that do no harm before their time.
    case prepare
    /// Policies and routes that drop what is to be protected and has no policy or way yet.
    case guards
    case inboundAssociations
    /// Not yet in use: templates are pinned to the SPIs of the old ones.
    case outboundAssociations
    /// Each replaced in one step. The outgoing one is the switch.
    case policies
    case verify
    /// Packets that are under way with the old SAs arrive.
    case drain
    /// Old SAs, the outgoing ones first.
    case retire
    /// Policies and guards of what is not wanted any more.
    case withdraw

    public static func < (left: Phase, right: Phase) -> Bool { left.rawValue < right.rawValue }
  }

  /// What packets notice of it.
  public enum Effect: String, Hashable, Sendable {
    case none
    /// From here on they are protected by another SA.
    case `switch`
    /// Some are dropped.
    case interrupts
    /// What was protected or dropped may be seen in clear.
    case cleartext = "cleartext-visible"
  }

  /// What is done.
  public enum Action: Sendable {
    /// The key is fetched when it is done, so that no plan holds one.
    case addAssociation(AssociationEntry, Tag)
    case updateAssociation(AssociationEntry, Tag)
    case deleteAssociation(HeldAssociation, Tag)
    /// Where there is none with its key: `XFRM_MSG_NEWPOLICY`, which refuses to replace one that
    /// somebody put there meanwhile.
    case addPolicy(Policy, PolicyEntry.Role, Tag)
    /// Takes the place of the one with its key, without a moment in between: `XFRM_MSG_UPDPOLICY`.
    case replacePolicy(Policy, PolicyEntry.Role, Tag)
    case deletePolicy(HeldPolicy, Tag)
    case setDefaultActions(DefaultActions, from: DefaultActions)
    case addInterface(InterfaceEntry)
    /// Gives one of ours what it lacks, and brings it up.
    case changeInterface(InterfaceEntry)
    /// The kernel takes others of the same subnet along, and routes with one of those: they come back
    /// with the interface and its routes as they are to be. Only forgotten if it is not there any
    /// more.
    case deleteAddress(IPPrefix, from: InterfaceEntry, keeping: [RouteEntry], isThere: Bool)
    /// Only forgotten if it is not there any more, or another has its name.
    case deleteInterface(InterfaceEntry, isThere: Bool)
    /// In one step where it takes the place of another one of ours.
    case addRoute(RouteEntry, replacing: RouteEntry?)
    /// Only forgotten if it is not there any more.
    case deleteRoute(RouteEntry, isThere: Bool)
    case addRouteGuard(RouteGuard)
    /// Only forgotten if it is not there any more.
    case deleteRouteGuard(RouteGuard, isThere: Bool)
    case change(SettingEntry, from: String?)
    /// Everything that was put there is read back.
    case verify
    case wait(Duration)
  }

  public var phase: Phase
  public var object: ObjectName
  public var action: Action
  /// Why it is done: `not there yet`, `lifetime changed`.
  public var reason: String
  public var effect: Effect
  /// Whether it takes away what has a successor.
  public var isReplaced: Bool

  public init(
    _ phase: Phase, _ object: ObjectName, _ action: Action, because reason: String,
    effect: Effect = .none, isReplaced: Bool = false
  ) {
    self.phase = phase
    self.object = object
    self.action = action
    self.reason = reason
    self.effect = effect
    self.isReplaced = isReplaced
  }
}
