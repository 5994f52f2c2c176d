internal import XFRMKit

/// The configuration that a namespace has, or that an unfinished run is to be led to.
public struct InForce: Sendable {
  /// Its ID in the history.
  public var id: String
  public var configuration: RecordedConfiguration
  /// Which generations of keys connections have.
  ///
  /// A generation of which the kernel has lost an SA counts no more: its keys were used, so that
  /// none of them is ever installed again. A rotation that is under way counts in any case.
  public var keys: [String: KeyGenerations]
}

extension Manager {
  /// The configuration in force; `nil` if none is.
  public func inForce() throws(ManagerFailure) -> InForce? {
    let journal = try look()
    guard let id = journal.inForce else { return nil }
    let configuration = try configuration(id)
    return InForce(
      id: id, configuration: configuration, keys: try present(configuration.keys, journal.holdings))
  }

  /// The generations of a connection's keys that configurations of any network namespace have: one in
  /// force, one that is to be confirmed, and the one that such a one goes back to.
  ///
  /// - Parameter connection: Its name.
  public func generationsInUse(
    of connection: String
  ) throws(ManagerFailure) -> Set<UInt32> {
    var found: Set<UInt32> = []
    do throws(StoreProblem) {
      guard let folder = try PrivateFolder.existing(runFolder)?.existingFolder(boot) else {
        return []
      }
      for name in try folder.names() {
        guard let inode = UInt64(name), let place = try folder.existingFolder(name),
          let journal = try JournalFile.look(into: place, boot: boot, namespace: inode)
        else { continue }
        let history = History(in: stateFolder, of: NamespaceName.of(inode))
        for id in journal.configurations {
          guard let use = try history.entry(id)?.configuration.keys[connection] else { continue }
          found.insert(use.current)
          if let other = use.other { found.insert(other) }
        }
      }
    } catch {
      throw .store(error)
    }
    return found
  }

  /// The SPIs that the kernel has there, whosever.
  public func usedSPIs() throws(ManagerFailure) -> Set<UInt32> {
    var client = try client()
    do throws(XFRMError) { return Set(try client.associations().map(\.spi.rawValue)) } catch {
      throw .kernel(error)
    }
  }

  private func present(
    _ uses: [String: KeyGenerations], _ holdings: Holdings
  ) throws(ManagerFailure) -> [String: KeyGenerations] {
    guard !uses.isEmpty else { return [:] }
    var client = try client()
    let snapshot: KernelSnapshot
    do throws(XFRMError) { snapshot = try client.snapshot() } catch { throw .kernel(error) }
    let present = Inventory(snapshot, holdings).associations.keys.compactMap {
      holdings.associations[$0]
    }
    var directions: [ObjectName: Set<UInt8>] = [:]
    for held in present {
      directions[ObjectName(held.name.entry, "", generation: held.name.generation), default: []]
        .insert(held.direction.rawValue)
    }
    return uses.filter { connection, use in
      use.phase != nil
        || directions[ObjectName(connection, "", generation: use.current)]?.count == 2
    }
  }

  /// Gives SAs what stands for their keys: those that are to be added, and those whose key may be
  /// another by now.
  ///
  /// - Parameters:
  ///   - desired: Where they are.
  ///   - holdings: What is there already.
  ///   - keys: Fetches a key.
  func fingerprinted(
    _ desired: DesiredState, _ holdings: Holdings, _ keys: Keys
  ) -> DesiredState {
    let held = Set(holdings.associations.values.map { AssociationKey($0.id) })
    let places = desired.associations.indices.filter { index in
      let entry = desired.associations[index]
      guard let key = entry.key else { return false }
      return key.isStatic || !held.contains(AssociationKey(entry.association.id))
    }
    // Looking makes no ledger, and whoever cannot read that one sees plans without marks of keys.
    guard !places.isEmpty,
      let fingerprint = (try? HostSecret.existing(in: stateFolder))?.fingerprint
    else { return desired }
    var desired = desired
    for place in places {
      // What is wrong with a key is said when it is needed, as it may be there by then.
      guard let key = try? keys(desired.associations[place]) else { continue }
      desired.associations[place].keyFingerprint = fingerprint.of(key)
    }
    return desired
  }
}
