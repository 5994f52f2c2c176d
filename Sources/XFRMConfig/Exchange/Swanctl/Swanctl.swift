internal import XFRMKit

/// What strongSwan's `swanctl --list-sas` prints.
public enum Swanctl {
  /// The longest text, in bytes.
  static let mostBytes = 16 << 20

  /// Reads a text.
  ///
  /// Of each CHILD_SA that is installed come two SAs and the policies between its traffic selectors.
  /// Their order is that of the text.
  ///
  /// - Parameters:
  ///   - bytes: What was printed, without `--raw` and `--pretty`.
  ///   - file: What it is called.
  ///   - keyFolder: Where references say that keys are.
  public static func read(
    _ bytes: [UInt8], of file: String, keyFolder: String = Exchange.usualKeyFolder
  ) -> ImportedExchange {
    var diagnostics = Diagnostics()
    var exchange = Exchange(keyFolder: keyFolder)
    if bytes.count > mostBytes {
      diagnostics.error(.start(of: file), "the text is larger than \(mostBytes >> 20) MiB")
    } else if let text = String(validating: bytes, as: UTF8.self) {
      var reader = SwanctlReader(file)
      do throws(SwanctlReader.Unexpected) {
        let children = try reader.read(text)
        exchange = self.exchange(children, keyFolder)
        for loss in reader.losses {
          exchange.lose(Discretion.shown(loss.name), loss.reason, isWhole: true)
        }
        if children.isEmpty, reader.losses.isEmpty {
          diagnostics.error(
            .start(of: file), "there is no CHILD_SA in it",
            help: "swanctl --list-sas prints those that are installed, below their IKE_SA")
        }
      } catch {
        diagnostics.error(error.span, "\(error.expected) is expected here")
      }
    } else {
      diagnostics.error(.start(of: file), "the text is not in UTF-8")
    }
    return ImportedExchange(
      exchange, diagnostics, of: file, shown: bytes.count > mostBytes ? nil : bytes)
  }

  private static func exchange(_ children: [SwanctlChild], _ keyFolder: String) -> Exchange {
    var associations: [SecurityAssociation] = []
    var policies: [Policy] = []
    for child in children {
      associations += child.associations
      for var policy in child.policies {
        policy.priority = UInt32(policies.count)
        policies.append(policy)
      }
    }
    var exchange = Exchange(
      associations: associations, policies: policies, keyFolder: keyFolder)
    for child in children where child.incoming?.mark != nil {
      exchange.lose(
        Discretion.shown(child.name),
        "the mark of its incoming SA, which has one only with mark_in_sa = yes: its policies have it"
      )
    }
    if !associations.isEmpty {
      exchange.lose("the SAs", "replay windows, which the text does not tell: they have 64 packets")
    }
    return exchange
  }
}
