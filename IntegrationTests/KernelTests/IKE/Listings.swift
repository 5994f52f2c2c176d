import FoundationEssentials
import TestSupport
import Testing
import XFRMConfig
import XFRMKit

/// An SA as `xfrmctl state --json` lists it.
struct ListedAssociation: Decodable, Hashable {
  struct Algorithm: Decodable, Hashable {
    var name: String
    var keyBytes: Int
    var checkBits: UInt32?
  }
  struct Encapsulation: Decodable, Hashable {
    var sourcePort: UInt16
    var destinationPort: UInt16
  }

  var source: String
  var destination: String
  var spi: UInt32
  var mode: String
  var requestID: UInt32
  var aead: Algorithm?
  var encryption: Algorithm?
  var authentication: Algorithm?
  var encapsulation: Encapsulation?
}

extension ListedAssociation {
  /// An SA that somebody else tells of.
  init(_ association: SecurityAssociation) {
    source = "\(association.source)"
    destination = "\(association.destination)"
    spi = association.spi.rawValue
    mode = "\(association.mode)"
    requestID = association.requestID
    aead = association.aead.map {
      Algorithm(name: $0.name, keyBytes: $0.key.count, checkBits: $0.checkBits)
    }
    encryption = association.encryption.map { Algorithm(name: $0.name, keyBytes: $0.key.count) }
    authentication = association.authentication.map {
      Algorithm(name: $0.name, keyBytes: $0.key.count, checkBits: $0.truncationBits)
    }
    encapsulation = association.encapsulation.map {
      Encapsulation(sourcePort: $0.sourcePort, destinationPort: $0.destinationPort)
    }
  }
}

/// A policy as `xfrmctl policy --json` lists it.
struct ListedPolicy: Decodable, Hashable {
  struct Selector: Decodable, Hashable {
    var source: String
    var destination: String
  }
  struct Template: Decodable, Hashable {
    var source: String
    var destination: String
    var mode: String
    var requestID: UInt32
  }

  var direction: String
  var priority: UInt32
  var selector: Selector
  var templates: [Template]

  var route: String { "\(direction) \(selector.source) → \(selector.destination)" }
}

extension ListedPolicy {
  init(_ policy: Policy) {
    direction = "\(policy.direction)"
    priority = policy.priority
    selector = Selector(
      source: "\(policy.selector.source)", destination: "\(policy.selector.destination)")
    templates = policy.templates.map {
      Template(
        source: "\($0.source)", destination: "\($0.destination)", mode: "\($0.mode)",
        requestID: $0.requestID)
    }
  }
}

/// What there is in a namespace.
struct Listings: Equatable {
  var associations: Set<ListedAssociation>
  /// But for those of sockets, which daemons have to be heard themselves.
  var policies: Set<ListedPolicy>

  /// Lists both by the library.
  init(_ tool: PrivateTool) throws {
    var xfrm = try XFRMClient(in: tool.namespace)
    associations = Set(try xfrm.associations().map(ListedAssociation.init))
    policies = Set(
      try xfrm.policies().filter { !$0.direction.isOfSocket }.map(ListedPolicy.init))
  }

  /// Sees to it that `xfrmctl` lists the same, as JSON and as text.
  func expectTold(by tool: PrivateTool) async throws {
    struct State: Decodable { var associations: [ListedAssociation] }
    struct Policies: Decodable { var policies: [ListedPolicy] }
    func list<List: Decodable>(_ what: String, as type: List.Type) async throws -> List {
      let outcome = try await tool.run("\(what) --json")
      #expect(outcome.status == 0, "\(outcome.complaint)")
      return try JSONDecoder().decode(type, from: Data(outcome.output.utf8))
    }
    let listed = try await list("state", as: State.self).associations
    #expect(Set(listed) == associations)
    let told = try await list("policy", as: Policies.self).policies.filter {
      ["in", "out", "fwd"].contains($0.direction)
    }
    #expect(Set(told) == policies)

    let state = try await tool.run("state").output
    for association in associations {
      let lines = """
        ESP \(association.source) → \(association.destination)  \
        SPI \(SPI(rawValue: association.spi))
          mode        \(association.mode)  reqid \(association.requestID)
        """
      #expect(state.contains(lines), "\(lines) in \(state)")
    }
    let policy = try await tool.run("policy").output
    for entry in protecting {
      let lines = """
        \(entry.direction)  \(entry.selector.source) → \(entry.selector.destination)
          action      allow  priority \(entry.priority)
        """
      #expect(policy.contains(lines), "\(lines) in \(policy)")
    }
  }

  /// The policies that ask for SAs. pluto has others, by which routers find their neighbours.
  var protecting: Set<ListedPolicy> { policies.filter { !$0.templates.isEmpty } }

  var spis: Set<SPI> { Set(associations.map { SPI(rawValue: $0.spi) }) }

  /// Whether there are two SAs, which lead to an address and back.
  func leads(to address: String) -> Bool {
    associations.count == 2
      && associations.allSatisfy { $0.source == address || $0.destination == address }
  }

  /// Whether an SA is what all templates that lead where it leads ask for.
  var isCoherent: Bool {
    policies.allSatisfy { policy in
      policy.templates.allSatisfy { template in
        associations.contains {
          $0.source == template.source && $0.destination == template.destination
            && $0.mode == template.mode && $0.requestID == template.requestID
        }
      }
    }
  }
}

/// What strongSwan says that it has installed.
struct CharonListings {
  var associations: Set<ListedAssociation> = []
  /// `out 10.1.0.0/24 → 10.2.0.0/24 375423`
  var policies: Set<String> = []

  /// Reads what `swanctl` lists, as `xfrmctl import` does, and the priorities of policies, of which
  /// nothing but the log tells.
  init(_ charon: Charon) async throws {
    let listing = try await charon.listing()
    let read = Swanctl.read(Array(listing.utf8), of: "swanctl --list-sas")
    let exchange = try #require(read.exchange, "\(read.diagnostics): \(listing)")
    for entry in exchange.associations.map(\.entry) {
      var association = entry.association
      guard case .esp(let proposal) = entry.protection else { continue }
      proposal.protect(&association)
      associations.insert(ListedAssociation(association))
    }
    for line in try charon.log() {
      guard
        let match = line.firstMatch(
          of: /(adding|deleting) policy (\S+) === (\S+) (in|out|fwd) \[priority (\d+)/)
      else { continue }
      let text = "\(match.4) \(match.2) → \(match.3) \(match.5)"
      if match.1 == "adding" { policies.insert(text) } else { policies.remove(text) }
    }
  }
}
