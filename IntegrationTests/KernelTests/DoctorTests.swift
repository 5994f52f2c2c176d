import TestSupport
import Testing
import XFRMDiagnosis
import XFRMKit
import XFRMLab

extension Kernel {
  /// The doctor names what was done wrong, and nothing where nothing was.
  @Suite("Doctor", Bed.needsESP, Bed.needsSpeed, .timeLimit(.minutes(5)))
  struct DoctorTests {
    @Test("every fault is named as the first cause")
    func single() throws {
      let lab = try DoctorLab()
      var wrong: [String] = []
      for (name, fault) in DoctorLab.Fault.all.sorted(by: { $0.key < $1.key }) {
        let diagnosis = try lab.diagnose([fault])
        #expect(!diagnosis.isHealthy, "\(name)")
        guard diagnosis.causes.first?.id != fault.expected else { continue }
        wrong.append("\(name): \(diagnosis.causes.map { ($0.id.rawValue, $0.evidence) })")
      }
      let count = DoctorLab.Fault.all.count
      print("doctor: \(count - wrong.count) of \(count) faults named first")
      #expect(count >= 38 && wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
      // What the lab is afterwards shows that every fault was taken back.
      #expect(try lab.diagnose([]).isHealthy)
    }

    @Test("of two faults one is named as the first cause")
    func pairs() throws {
      let lab = try DoctorLab()
      var dice = Dice(seed: 7)
      let names = DoctorLab.Fault.all.keys.sorted()
      var wrong: [String] = []
      let count = 40
      for _ in 0..<count {
        let chosen = [names[dice.below(names.count)], names[dice.below(names.count)]]
        let faults = Set(chosen).sorted().compactMap { DoctorLab.Fault.all[$0] }
        let diagnosis = try lab.diagnose(faults)
        #expect(!diagnosis.isHealthy, "\(chosen)")
        let first = diagnosis.causes.first?.id
        guard !faults.contains(where: { $0.expected == first }) else { continue }
        wrong.append("\(chosen): \(diagnosis.causes.map { ($0.id.rawValue, $0.evidence) })")
      }
      print("doctor: of \(count) pairs \(count - wrong.count) named first")
      #expect(wrong.count * 20 <= count, "\(wrong.joined(separator: "\n"))")
    }

    @Test("healthy tunnels of every kind have no cause")
    func healthy() throws {
      let lab = try DoctorLab()
      var count = 0
      for proposal in ["aes256gcm16", "aes128-sha256", "chacha20poly1305", "null-sha256"]
        .compactMap({ ESPProposal(named: $0) })
      {
        for family in [AddressFamily.ipv4, .ipv6] {
          for (mode, isInUDP) in [(Mode.tunnel, false), (.transport, false), (.tunnel, true)] {
            let protection = Protection(
              proposal, mode: mode, family: family, isInUDP: isInUDP,
              isCompressed: proposal.name == "aes256gcm16" && !isInUDP)
            let kind = count % 4
            let diagnosis = try lab.diagnose([], protection) { $0.vary(kind) }
            #expect(diagnosis.isHealthy, "\(protection), \(kind): \(diagnosis.causes)")
            #expect(diagnosis.packets > 0)
            count += 1
          }
        }
      }
      #expect(count >= 20)
    }
  }
}

extension ProtectionPlan {
  /// What is there besides in set-ups that work.
  fileprivate mutating func vary(_ kind: Int) {
    func vary(_ entries: inout GatewayEntries) {
      switch kind {
      case 1:
        // A guard behind each policy that protects.
        for policy in entries.policies where policy.direction == .outgoing {
          var guarding = policy
          guarding.action = .block
          guarding.templates = []
          guarding.priority = 2_000
          guarding.selector.user = 1
          entries.policies.append(guarding)
        }
      case 2:
        // Something narrow that goes in clear.
        for policy in entries.policies where policy.direction == .outgoing {
          var clear = policy
          clear.templates = []
          clear.priority = 10
          clear.selector.proto = .tcp
          clear.selector.destinationPort = Selector.Port(22)
          entries.policies.append(clear)
        }
      case 3:
        for index in entries.associations.indices
        where entries.associations[index].proto == .esp {
          entries.associations[index].replayWindow = 0
          entries.associations[index].flags.insert(.extendedSequenceNumbers)
          entries.associations[index].extendedReplayState = ExtendedReplayState(window: 128)
        }
      default: break
      }
    }
    vary(&a)
    vary(&b)
  }
}
