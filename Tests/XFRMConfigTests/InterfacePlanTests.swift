import Testing
import XFRMKit

@testable import XFRMConfig

/// What an interface is like that is there, and what it becomes.
@Suite("Interfaces of a host")
struct InterfacePlanTests {
  private static func entry(_ addresses: [String] = [], mtu: UInt32? = nil) -> InterfaceEntry {
    InterfaceEntry(
      "ipsec0", interfaceID: 7, mtu: mtu, addresses: addresses.compactMap { IPPrefix($0) })
  }

  private static func set(_ addresses: [String]) -> Set<IPPrefix> {
    Set(addresses.compactMap { IPPrefix($0) })
  }

  private func plan(
    _ wanted: InterfaceEntry, _ present: InterfaceState, holding held: InterfaceEntry,
    guardsOnly: Bool = false
  ) throws -> Plan {
    var (state, holdings, snapshot) = (DesiredState(), Holdings(), KernelSnapshot())
    state.interfaces = [wanted]
    state.isGuardsOnly = guardsOnly
    holdings.interfaces = ["ipsec0": held]
    snapshot.host = HostState()
    snapshot.host?.interfaces = ["ipsec0": present]
    return try Planner(state, on: snapshot, holding: holdings).plan()
  }

  @Test(
    "what is not as it is to be is told, and changed",
    arguments: [
      (InterfaceState(7), nil), (InterfaceState(7, isUp: false), "is down"),
      (InterfaceState(7, mtu: 1400), "mtu 1400 -> 1500"),
    ] as [(InterfaceState, String?)])
  func differences(_ present: InterfaceState, _ reason: String?) throws {
    let plan = try plan(Self.entry(), present, holding: Self.entry())
    #expect(plan.count(of: .change) == (reason == nil ? 0 : 1) && plan.count(of: .add) == 0)
    #expect(plan.steps.first?.reason == reason)
    var host = HostState()
    host.interfaces = ["ipsec0": present]
    for step in plan.steps { host.note(step) }
    #expect(host.interfaces == ["ipsec0": InterfaceState(7)])
  }

  @Test("an MTU that is not asked for any more becomes the usual one")
  func mtu() throws {
    let plan = try plan(
      Self.entry(), InterfaceState(7, mtu: 1400), holding: Self.entry(mtu: 1400))
    #expect(plan.steps.first?.reason == "mtu 1400 -> 1500")
  }

  @Test("addresses come first, and old ones go last, but for those of others")
  func addresses() throws {
    let (old, new) = (Self.entry(["10.9.0.1/24"]), Self.entry(["10.9.1.1/24"]))
    let there = InterfaceState(7, addresses: Self.set(["10.9.0.1/24", "10.8.0.1/24"]))
    let plan = try plan(new, there, holding: old)
    #expect(
      plan.steps.map { "\($0.object)" } == ["ipsec0/interface", "host/all", "10.9.0.1/24/address"])
    #expect(plan.steps[0].reason == "without 10.9.1.1/24")
    // Nothing goes before somebody has confirmed it.
    #expect(plan.stepsOfTrial.map { "\($0.object)" } == ["ipsec0/interface", "host/all"])
    var (host, holdings, journal) = (HostState(), Holdings(), Journal(boot: "b", namespace: 1))
    host.interfaces = ["ipsec0": there]
    holdings.interfaces = ["ipsec0": old]
    journal.note(.puttingInterface(old))
    for (number, step) in plan.steps.enumerated() {
      host.note(step)
      holdings.note(step)
      if let record = step.record {
        #expect(JournalRecord(record.line) == record)
        journal.note(record)
        journal.note(.done)
      }
      let known = Set(holdings.interfaces["ipsec0"]?.addresses ?? [])
      #expect(known == Self.set(number < 2 ? ["10.9.0.1/24", "10.9.1.1/24"] : ["10.9.1.1/24"]))
      #expect(Set(journal.holdings.interfaces["ipsec0"]?.addresses ?? []) == known)
    }
    #expect(host.interfaces["ipsec0"]?.addresses == Self.set(["10.9.1.1/24", "10.8.0.1/24"]))
    // Where guards are all that there is to be nothing goes.
    #expect(try self.plan(new, there, holding: old, guardsOnly: true).count(of: .remove) == 0)
  }

  @Test("of a run that was cut short both addresses are ours, and the way back takes one")
  func wayBack() throws {
    let (old, new) = (Self.entry(["10.9.0.1/24"]), Self.entry(["10.9.1.1/24"]))
    let there = InterfaceState(7, addresses: Self.set(["10.9.0.1/24", "10.9.1.1/24"]))
    let plan = try plan(old, there, holding: new.joined(with: old))
    #expect(plan.count(of: .remove) == 1 && plan.count(of: .change) == 0)
    // One that is gone is only forgotten.
    let gone = try self.plan(
      old, InterfaceState(7, addresses: Self.set(["10.9.0.1/24"])),
      holding: new.joined(with: old))
    #expect(!gone.isEmpty && gone.count(of: .remove) == 0)
  }

  @Test("a saved plan is for an interface as it was")
  func fingerprint() throws {
    let journal = Journal(boot: "b", namespace: 1)
    var snapshot = KernelSnapshot()
    var seen: Set<String> = []
    for present in [
      InterfaceState(7), InterfaceState(7, isUp: false), InterfaceState(7, mtu: 1400),
      InterfaceState(7, addresses: Self.set(["10.9.0.1/24"])),
    ] {
      snapshot.host = HostState()
      snapshot.host?.interfaces = ["ipsec0": present]
      seen.insert(snapshot.fingerprint(with: journal))
    }
    snapshot.host?.routeGuards = Self.set(["10.2.0.0/16"])
    seen.insert(snapshot.fingerprint(with: journal))
    #expect(seen.count == 5)
  }
}
