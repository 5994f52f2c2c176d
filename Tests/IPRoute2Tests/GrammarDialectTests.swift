import Netlink
import Testing
import XFRMKit

@testable import IPRoute2

@Suite("What iproute2 does oddly, and what it has no words for")
struct GrammarDialectTests {
  private let id = "src 10.0.0.1 dst 10.0.0.2 proto esp spi 1"
  private var sa: String { "state add \(id) aead a 0x01 128" }

  private func association(
    _ line: String, _ dialect: Dialect = .xfrmctl
  ) throws -> SecurityAssociation {
    switch try command(line, dialect) {
    case .association(.add(let association)), .association(.replace(let association)):
      return association
    default: throw NotForXFRM()
    }
  }

  private func policy(_ line: String, _ dialect: Dialect = .xfrmctl) throws -> Policy {
    guard case .policy(.add(let policy)) = try command(line, dialect) else { throw NotForXFRM() }
    return policy
  }

  // MARK: Odd

  @Test("the number of an acquire has iproute2's byte order in its dialect alone")
  func sequence() throws {
    #expect(try association("\(sa) seq 1", .iproute2).sequence == 0x0100_0000)
    #expect(try association("\(sa) seq 1").sequence == 1)
  }

  @Test("no flags may be meant by iproute2 alone")
  func flags() throws {
    #expect(try association("\(sa) flag mode tunnel", .iproute2).mode == .tunnel)
    #expect(refusal("\(sa) flag mode tunnel", .xfrmctl)?.word == 16)
    #expect(
      try association("\(sa) flag esn icmp dir out").flags == [.extendedSequenceNumbers, .icmp])
    #expect(try association("\(sa) flag icmp flag noecn").flags == [.noECN, .icmp])
    #expect(try association("\(sa) flag icmp flag 0x4").flags == .noPathMTUDiscovery)
  }

  @Test("of two encapsulations iproute2 takes the last")
  func encapsulations() throws {
    let line = "\(sa) encap espinudp 4500 4501 0.0.0.0 encap espintcp 1 2 fd00::1"
    let encapsulation = try association(line, .iproute2).encapsulation
    #expect(encapsulation?.kind == .espInTCP)
    #expect(encapsulation?.originalAddress == IPAddress("fd00::1"))
    #expect(refusal(line, .xfrmctl)?.text.hasPrefix("Error: duplicate \"encap\"") == true)
  }

  @Test("of two directions iproute2 takes the last")
  func directions() throws {
    let line = "\(sa) dir in offload dev lo dir out"
    #expect(try association(line, .iproute2).direction == .outgoing)
    #expect(refusal(line, .xfrmctl)?.word == 21)
    #expect(
      try association("\(sa) dir out offload packet dev lo dir out").offload?.flags == .packet)
  }

  @Test("of two ports iproute2 takes the last")
  func repeats() throws {
    let line = "policy add proto tcp sport 1 sport 2 dir out"
    #expect(try policy(line, .iproute2).selector.sourcePort == Selector.Port(2))
    #expect(refusal(line, .xfrmctl)?.word == 7)
    #expect(try command("policy list ptype main ptype sub") == command("policy list ptype sub"))
    #expect(refusal("policy add dir out dir in")?.exitStatus == 255)
  }

  @Test("a label that iproute2 would write past its buffer is refused", arguments: Dialect.all)
  func labels(dialect: Dialect) throws {
    let longest = String(repeating: "a", count: 4094)
    #expect(try association("\(sa) ctx \(longest)", dialect).securityContext?.label.count == 4095)
    #expect(refusal("\(sa) ctx \(longest)a", dialect)?.exitStatus == 255)
  }

  @Test("a mark that is not asked for by iproute2 is by us")
  func marks() throws {
    let line = "state get \(id) mark 0 mask 0xf"
    guard case .association(.get(let theirs)) = try command(line),
      case .association(.get(let ours)) = try command(line, .xfrmctl)
    else { throw NotForXFRM() }
    #expect(theirs.mark == nil)
    #expect(ours.mark == Mark(0, mask: 0xf))
  }

  @Test("high halves without extended numbers are lost by iproute2 alone")
  func highHalves() throws {
    let line = "\(sa) replay-seq 1 replay-seq-hi 1"
    #expect(try association(line, .iproute2).replayState?.incomingSequence == 1)
    #expect(refusal(line, .xfrmctl)?.exitStatus == 1)
    let wide = try association("\(line) replay-window 64").extendedReplayState
    #expect(wide?.incomingSequence == 0x1_0000_0001)
    #expect(wide?.bitmap == [0, 0])
  }

  @Test("runs are not taken up again")
  func runs() {
    #expect(refusal("\(sa) src 10.0.0.1")?.text == "Error: argument \"src\" is wrong: unknown")
    let policy = "policy add src 10.0.0.0/8 dir out dst 10.0.0.0/8"
    #expect(
      refusal(policy)?.text == "Error: duplicate \"unknown\": \"dst\" is the second value.")
    #expect(refusal("policy list proto tcp src 1.1.1.1 sport 5")?.word == 7)
  }

  @Test("the first command that a word abbreviates is meant")
  func abbreviations() throws {
    for word in ["a", "ad", "add"] {
      #expect(throws: Never.self) { try association("sa \(word) \(id) enc a b", .iproute2) }
    }
    #expect(try command("s dela") == .association(.deleteAll(AssociationQuery())))
    #expect(try command("st co") == .association(.count))
    #expect(try command("state") == .association(.list(AssociationQuery())))
    #expect(try command("p getd") == .policy(.getDefaultActions))
    #expect(try command("p s") == .policy(.list(PolicyQuery())))
    #expect(try command("p se") == .policy(.setHashThresholds(ipv4: nil, ipv6: nil)))
    #expect(try command("p setd") == .policy(.setDefaultActions(DefaultActions())))
    #expect(try command("p h") == .help(.policy))
    #expect(try command("bogus") == .help(.xfrm))
    #expect(refusal("bogus", .xfrmctl)?.word == 1)
    #expect(refusal("state replace")?.exitStatus == 255)
  }

  @Test("monitors hear what they name, abbreviated or not")
  func monitors() throws {
    func monitor(_ line: String) throws -> MonitorCommand {
      guard case .monitor(let monitor) = try command(line) else { throw NotForXFRM() }
      return monitor
    }
    #expect(try monitor("m a").hearsAllNamespaces)
    #expect(try monitor("m ac ae").groups == [.acquire, .checkpoints])
    #expect(try monitor("m all").groups.rawValue == .max)
    #expect(try monitor("m S f x nokeys").groups == .associations)
    #expect(try monitor("m f x").file == "x")
    #expect(try command("monitor h") == .help(.monitor))
    #expect(refusal("monitor sa")?.text.hasPrefix("Argument \"sa\" is unknown") == true)
  }

  // MARK: New

  @Test("SAs have all that the kernel knows of them")
  func associations() throws {
    let words = """
      state replace \(id) aead a 0x01 128 mode iptfs iptfs-drop-time 1 iptfs-reorder-window 2 \
      iptfs-dont-frag iptfs-init-delay 3 iptfs-max-queue-size 4 iptfs-packet-size 5 \
      nat-keepalive 6 mapping-threshold 7 replay-threshold 8 timer-threshold 9
      """
    let association = try association(words)
    #expect(association.mode == .iptfs)
    #expect(association.iptfs.dropTimeMicroseconds == 1)
    #expect(association.iptfs.reorderWindow == 2)
    #expect(association.iptfs.dontFragment)
    #expect(association.iptfs.initialDelayMicroseconds == 3)
    #expect(association.iptfs.queueBytes == 4)
    #expect(association.iptfs.packetBytes == 5)
    #expect(association.natKeepaliveSeconds == 6)
    #expect(association.mappingThresholdSeconds == 7)
    #expect(association.checkpointPackets == 8)
    #expect(association.checkpointJiffies == 9)
    #expect(refusal("\(sa) mode iptfs")?.exitStatus == 255)
    #expect(refusal("\(sa) nat-keepalive 6")?.exitStatus == 255)
  }

  @Test("policies and templates do, too")
  func policies() throws {
    let policy = try policy(
      """
      policy add src 10.0.0.0/8 dst 10.0.0.0/8 uid 7 dir out flag cpu-acquire share user \
      tmpl proto esp reqid 3 level unique enc-mask 1 auth-mask 2 comp-mask 4 \
      tmpl proto ah share session level use
      """)
    #expect(policy.selector.user == 7)
    #expect(policy.flags == .acquirePerCPU)
    #expect(policy.share == 2)
    #expect(policy.templates[0].share == 3)
    #expect(policy.templates[0].algorithms.encryption == 1)
    #expect(policy.templates[0].algorithms.authentication == 2)
    #expect(policy.templates[0].algorithms.compression == 4)
    #expect(policy.templates[1].share == 1)
    #expect(policy.templates[1].isOptional)
    #expect(refusal("policy add dir out tmpl proto esp level unique", .xfrmctl)?.exitStatus == 1)
  }

  @Test("SAs move")
  func migrations() throws {
    let line = """
      state migrate src 10.1.0.0/16 dst 10.2.0.0/16 dir out if_id 5 kmaddress 1.1.1.1 2.2.2.2 \
      from 1.1.1.1 2.2.2.2 to fd00::1 fd00::2 proto esp mode tunnel reqid 9 \
      from 1.1.1.1 2.2.2.2 to 3.3.3.3 2.2.2.2 proto ah mode tunnel
      """
    guard case .association(.migrate(let migration)) = try command(line, .xfrmctl) else {
      throw NotForXFRM()
    }
    #expect(migration.direction == .outgoing)
    #expect(migration.interfaceID == 5)
    #expect(migration.entries.count == 2)
    #expect(migration.entries[0].new.source == IPAddress("fd00::1"))
    #expect(migration.entries[0].requestID == 9)
    #expect(migration.entries[1].proto == .ah)
    #expect(migration.keyManagerAddresses?.remote == IPAddress("2.2.2.2"))
    #expect(refusal("state migrate src 10.1.0.0/16 dir out", .xfrmctl)?.exitStatus == 1)
    #expect(refusal("state migrate dir out from 1.1.1.1 fd00::1", .xfrmctl)?.exitStatus == 1)
  }

  @Test("checkpoints are asked for and set")
  func checkpoints() throws {
    guard
      case .association(.getCheckpoint(let asked, let flags)) = try command(
        "state ae get \(id) timer-threshold", .xfrmctl),
      case .association(.setCheckpoint(let set)) = try command(
        "state ae set \(id) replay-window 64 replay-seq 5 bitmap 1,0x2 bytes 7 reqid 3", .xfrmctl)
    else { throw NotForXFRM() }
    #expect(asked.spi == 1)
    #expect(flags == .timer)
    #expect(set.extendedReplayState?.incomingSequence == 5)
    #expect(set.extendedReplayState?.bitmap == [1, 2])
    #expect(set.usage?.bytes == 7)
    #expect(set.requestID == 3)
    #expect(refusal("state ae set \(id)", .xfrmctl)?.exitStatus == 1)
    #expect(refusal("state ae \(id)", .xfrmctl)?.word == 3)
  }

  @Test("lists are filtered by more")
  func filters() throws {
    let states = "state list mark 1 mask 3 if_id 4 reqid 5"
    let policies = "policy list mark 1 if_id 4 reqid 5 proto tcp dport 0"
    guard case .association(.list(let query)) = try command(states, .xfrmctl),
      case .policy(.list(let policyQuery)) = try command(policies, .xfrmctl)
    else { throw NotForXFRM() }
    #expect(query.mark == Mark(1, mask: 3))
    #expect(query.interfaceID == 4)
    #expect(query.requestID == 5)
    #expect(policyQuery.requestID == 5)
    #expect(policyQuery.proto == .tcp)
    #expect(policyQuery.destinationPort == .any)
    #expect(policyQuery.sourcePort == nil)
    #expect(refusal(states)?.exitStatus == 255)
    #expect(refusal(policies)?.exitStatus == 255)
  }

  @Test("more than one change has no operation, and one has")
  func operations() throws {
    #expect(try command("state flush").operation == .flushAssociations(.any))
    #expect(try command("policy count").operation == nil)
    #expect(try command("state replace \(id) enc a 0x01", .xfrmctl).operation == nil)
    #expect(try command("monitor").operation == nil)
  }
}
