import CNetlink
import Netlink
import Testing

@testable import XFRMKit

/// The kernel's numbers, written out: they never change, and a header that is mistaken for another
/// shows. Where Sources write a number, the header is asked.
@Suite("Constants")
struct ConstantTests {
  @Test("message types")
  func messageTypes() {
    let numbers: [(MessageType, UInt16)] = [
      (.newAssociation, 16), (.deleteAssociation, 17), (.getAssociation, 18), (.newPolicy, 19),
      (.deletePolicy, 20), (.getPolicy, 21), (.updatePolicy, 25), (.updateAssociation, 26),
      (.flushAssociations, 28), (.flushPolicies, 29), (.getSADInfo, 35), (.getSPDInfo, 37),
      (.allocateSPI, 22), (.acquire, 23), (.expireAssociation, 24), (.expirePolicy, 27),
      (.newCheckpoint, 30), (.getCheckpoint, 31), (.report, 32), (.migrate, 33),
      (.newSADInfo, 34), (.newSPDInfo, 36), (.mapping, 38), (.setDefaultActions, 39),
      (.getDefaultActions, 40), (.migrateState, 41),
    ]
    for (type, number) in numbers { #expect(type.rawValue == number) }
  }

  @Test("attribute types")
  func attributeTypes() {
    let numbers: [(AttributeType, UInt16)] = [
      (.algorithmAuthentication, 1), (.algorithmEncryption, 2), (.algorithmCompression, 3),
      (.encapsulation, 4), (.templates, 5), (.securityContext, 8), (.usage, 9),
      (.replayState, 10), (.sourceAddress, 13), (.careOfAddress, 14), (.lastUsed, 15),
      (.policyType, 16), (.algorithmAEAD, 18), (.algorithmAuthenticationTruncated, 20),
      (.mark, 21), (.trafficFlowPadding, 22), (.extendedReplayState, 23), (.extraFlags, 24),
      (.dumpProtocol, 25), (.padding, 27), (.offload, 28), (.outputMark, 29),
      (.outputMarkMask, 30), (.interfaceID, 31), (.direction, 33), (.association, 6),
      (.policy, 7), (.replayThreshold, 11), (.timerThreshold, 12), (.migrations, 17),
      (.keyManagerAddresses, 19), (.addressFilter, 26), (.mappingThreshold, 32),
      (.natKeepalive, 34), (.cpu, 35), (.iptfsDropTime, 36), (.iptfsReorderWindow, 37),
      (.iptfsDontFragment, 38), (.iptfsInitialDelay, 39), (.iptfsQueueSize, 40),
      (.iptfsPacketSize, 41),
    ]
    #expect(
      Set(numbers.map(\.1)) == Set(1...41), "every attribute through Linux 6.18 has a name")
    for (type, number) in numbers { #expect(type.rawValue == number) }
  }

  @Test("modes")
  func modes() {
    let numbers: [(Mode, UInt8, String)] = [
      (.transport, 0, "transport"), (.tunnel, 1, "tunnel"),
      (.routeOptimization, 2, "route optimization"), (.inTrigger, 3, "in-trigger"),
      (.beet, 4, "BEET"), (.iptfs, 5, "IP-TFS"), (Mode(rawValue: 77), 77, "mode 77"),
    ]
    for (mode, number, name) in numbers {
      #expect(mode.rawValue == number)
      #expect("\(mode)" == name)
    }
    #expect(numbers.map(\.0).filter(\.hasOuterAddresses) == [.tunnel, .beet, .iptfs])
  }

  @Test("protocols")
  func protocols() {
    let numbers: [(IPProtocol, Int)] = [
      (.any, IPPROTO_IP), (.icmp, IPPROTO_ICMP), (.tcp, IPPROTO_TCP), (.udp, IPPROTO_UDP),
      (.icmpv6, IPPROTO_ICMPV6), (.esp, IPPROTO_ESP), (.ah, IPPROTO_AH),
      (.ipComp, IPPROTO_COMP), (.ipsec, 255),  // IPSEC_PROTO_ANY is not for users
    ]
    for (proto, number) in numbers { #expect(Int(proto.rawValue) == number) }
    #expect(
      numbers.map { "\($0.0)" }
        == ["any", "ICMP", "TCP", "UDP", "ICMPv6", "ESP", "AH", "IPComp", "protocol 255"])
  }

  @Test("flags of an SA")
  func flags() {
    let numbers: [(SecurityAssociation.Flags, UInt8)] = [
      (.noECN, 1), (.decapsulateDSCP, 2), (.noPathMTUDiscovery, 4), (.wildcardReceive, 8),
      (.icmp, 16), (.anyFamily, 32), (.align4, 64), (.extendedSequenceNumbers, 128),
    ]
    for (flag, number) in numbers { #expect(flag.rawValue == number) }
    #expect(SecurityAssociation.ExtraFlags.dontEncapsulateDSCP.rawValue == 1)
    #expect(SecurityAssociation.ExtraFlags.sequenceMayWrap.rawValue == 2)
    #expect(SecurityAssociation.Offload.Flags.incoming.rawValue == 2)
    #expect(SecurityAssociation.Offload.Flags.packet.rawValue == 4)
    #expect(SecurityAssociation.Direction.incoming.rawValue == 1)
    #expect(SecurityAssociation.Direction.outgoing.rawValue == 2)
    #expect(Encapsulation.Kind.espInUDP.rawValue == 2)
    #expect(Encapsulation.Kind.espInTCP.rawValue == 7)
  }

  @Test("of policies")
  func policies() {
    #expect(Int(Policy.Direction.incoming.rawValue) == XFRM_POLICY_IN)
    #expect(Int(Policy.Direction.outgoing.rawValue) == XFRM_POLICY_OUT)
    #expect(Int(Policy.Direction.forwarded.rawValue) == XFRM_POLICY_FWD)
    #expect(Int32(Policy.Action.allow.rawValue) == XFRM_POLICY_ALLOW)
    #expect(Int32(Policy.Action.block.rawValue) == XFRM_POLICY_BLOCK)
    #expect(Int(Policy.Kind.main.rawValue) == XFRM_POLICY_TYPE_MAIN)
    #expect(Int(Policy.Kind.sub.rawValue) == XFRM_POLICY_TYPE_SUB)
    #expect(Int32(Policy.Flags.localOK.rawValue) == XFRM_POLICY_LOCALOK)
    #expect(Int32(Policy.Flags.icmp.rawValue) == XFRM_POLICY_ICMP)
    #expect(Int(Policy.Flags.acquirePerCPU.rawValue) == CNL_XFRM_POLICY_CPU_ACQUIRE)
    #expect(Int(DefaultActions.Action.block.rawValue) == XFRM_USERPOLICY_BLOCK)
    #expect(Int(DefaultActions.Action.accept.rawValue) == XFRM_USERPOLICY_ACCEPT)
    #expect(Lifetime.unlimited == ~0)  // XFRM_INF, a macro with a cast
  }

  @Test("of announcements")
  func announcements() {
    let groups: [(EventGroups, xfrm_nlgroups)] = [
      (.acquire, XFRMNLGRP_ACQUIRE), (.expiry, XFRMNLGRP_EXPIRE), (.associations, XFRMNLGRP_SA),
      (.policies, XFRMNLGRP_POLICY), (.checkpoints, XFRMNLGRP_AEVENTS),
      (.reports, XFRMNLGRP_REPORT), (.migrations, XFRMNLGRP_MIGRATE),
      (.mappings, XFRMNLGRP_MAPPING),
    ]
    for (group, number) in groups { #expect(group.numbers == [number.rawValue]) }
    #expect(EventGroups.passive.union(.acquire).rawValue == 0xff)
    let flags: [(AssociationCheckpoint.Flags, UInt32)] = [
      (.packets, 1), (.timer, 8), (.packetsPassed, 16), (.timePassed, 32), (.wasSet, 64),
    ]
    for (flag, number) in flags { #expect(flag.rawValue == number) }
  }

  @Test("that are not known say their number")
  func unknown() {
    #expect("\(SecurityAssociation.Direction(rawValue: 9))" == "direction 9")
    #expect("\(Policy.Direction(rawValue: 9))" == "direction 9")
    #expect("\(Policy.Action(rawValue: 9))" == "action 9")
    #expect("\(Policy.Kind(rawValue: 9))" == "type 9")
    #expect("\(Encapsulation.Kind(rawValue: 9))" == "encapsulation 9")
    #expect("\(DefaultActions.Action(rawValue: 9))" == "action 9")
  }
}
