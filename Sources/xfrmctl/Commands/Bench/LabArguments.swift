import ArgumentParser
import XFRMKit

extension ESPProposal {
  /// Reads the name of a proposal on a command line, and tells which there are if it is none.
  ///
  /// - Parameter argument: As IKE configurations have it.
  init(argument: String) throws {
    guard let proposal = ESPProposal(named: argument) else {
      let usual = ESPProposal.all.map(\.name).joined(separator: ", ")
      throw ValidationError("there is no proposal “\(argument)”; usual ones are \(usual)")
    }
    self = proposal
  }
}

/// `--family`
enum FamilyArgument: String, CaseIterable, ExpressibleByArgument {
  case ipv4
  case ipv6

  var value: AddressFamily { self == .ipv6 ? .ipv6 : .ipv4 }
}
