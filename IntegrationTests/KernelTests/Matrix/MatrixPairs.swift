import XFRMLab

@testable import XFRMKit

/// How packets are numbered, and how late they may come.
enum Numbering: String, CaseIterable {
  case unchecked = "no window"
  case window32 = "window 32"
  case window64 = "window 64"
  case window4096 = "window 4096"
  case extended32 = "ESN, window 32"
  case extended64 = "ESN, window 64"
  case extended4096 = "ESN, window 4096"

  func apply(to association: inout SecurityAssociation) {
    association.replayWindow = self == .window32 ? 32 : 0
    let window: UInt32? =
      switch self {
      case .unchecked, .window32: nil
      case .extended32: 32
      case .window64, .extended64: 64
      case .window4096, .extended4096: 4_096
      }
    association.extendedReplayState = window.map { ExtendedReplayState(window: $0) }
    if isExtended { association.flags.insert(.extendedSequenceNumbers) }
  }

  var isExtended: Bool { [.extended32, .extended64, .extended4096].contains(self) }
}

/// What else an SA may have.
enum Extra: String, CaseIterable {
  case nothing = "nothing else"
  case padding = "TFC padding"
  case marks = "marks of 0"
  case outputMark = "an output mark"
  case lifetimes = "distant limits"
  case flags = "DSCP and ECN flags"

  func apply(to plan: inout ProtectionPlan) {
    plan.changeAssociations { association in
      switch self {
      case .nothing: break
      case .padding: association.trafficFlowPadding = 600
      case .marks: association.mark = Mark(0, mask: 0xff)
      case .outputMark: association.outputMark = 5
      case .lifetimes:
        association.lifetime.soft.packets = 1_000_000
        association.lifetime.hard.bytes = 1 << 40
        association.lifetime.soft.secondsFromUse = 3_000
        association.lifetime.hard.secondsFromAdd = 3_600
      case .flags:
        association.flags.formUnion([.noECN, .decapsulateDSCP])
        association.extraFlags = .dontEncapsulateDSCP
      }
    }
    if self == .marks { plan.changePolicies { $0.mark = Mark(0, mask: 0xff) } }
  }
}

/// Combinations in which every two values come together that can.
struct MatrixCombination {
  var proposal: ESPProposal
  var way: Way
  var isInUDP: Bool
  var numbering: Numbering
  var extra: Extra

  static let proposals: [ESPProposal] = [
    .aes256gcm16, .chacha20poly1305, .aes256sha256, .combined(.aesCTR, 128, .hmacSHA256),
    .combined(.null, 0, .hmacSHA256),
  ]

  /// Every way with every numbering; the rest goes round in steps that meet all others. Only a
  /// tunnel can be padded, so that padding has rows of its own.
  static let covering: [MatrixCombination] = {
    let numberings = Numbering.allCases
    let extras = Extra.allCases.filter { $0 != .padding }
    let tunnels = Way.all.filter { $0.mode == .tunnel }
    let usual = Way.all.indices.flatMap { way in
      numberings.indices.map { number in
        MatrixCombination(
          proposal: proposals[(way + 2 * number) % proposals.count], way: Way.all[way],
          isInUDP: (way / 5 + number) % 2 == 1, numbering: numberings[number],
          extra: extras[(way + number) % extras.count])
      }
    }
    let padded = numberings.indices.map { number in
      MatrixCombination(
        proposal: proposals[number % proposals.count], way: tunnels[number % tunnels.count],
        isInUDP: number % 2 == 1, numbering: numberings[number], extra: .padding)
    }
    return usual + padded
  }()

  /// Its values, one of each list.
  var values: [String] {
    ["\(proposal)", "\(way)", isInUDP ? "in UDP" : "plain", numbering.rawValue, extra.rawValue]
  }

  var test: MatrixCase {
    let needs: [Feature] = isInUDP ? [.encapsulation(.espInUDP, way.family)] : []
    return MatrixCase(
      feature: "Sequence numbers, windows and options",
      name: values.joined(separator: ", "),
      needs: needs + way.needs + proposal.features
    ) { rig in
      try rig.carryESP(way.protection(proposal, isInUDP: isInUDP)) { plan in
        plan.changeAssociations { numbering.apply(to: &$0) }
        extra.apply(to: &plan)
      }
    }
  }
}
