internal import XFRMKit

extension Planner {
  /// New SAs, the incoming ones first, and at the end the old ones, the outgoing ones first: no
  /// packet is sent that nobody can take.
  mutating func planAssociations() {
    var held: [AssociationKey: (tag: Tag, association: SecurityAssociation)] = [:]
    for (tag, association) in inventory.associations {
      held[AssociationKey(association.id)] = (tag, association)
    }
    let foreign = Set(
      (inventory.foreignAssociations + inventory.orphanAssociations).map {
        AssociationKey($0.id)
      })
    var wanted: Set<AssociationKey> = []
    for entry in desired.associations {
      let key = AssociationKey(entry.association.id)
      wanted.insert(key)
      if let (tag, present) = held[key] {
        keep(entry, tag, present)
      } else if entry.isLeaving {
        // Its key was used, and what is gone is not missed any more.
        continue
      } else if foreign.contains(key) {
        problems.append(
          PlanProblem(
            .taken, entry.name, "there is an SA with this SPI that is not ours",
            do: "choose another SPI, or delete it: `xfrmctl state delete`"))
      } else {
        add(entry)
      }
    }
    if !desired.isGuardsOnly { retire(wanted) }
  }

  private mutating func add(_ entry: AssociationEntry) {
    guard let tag = tags.take(for: entry.name) else {
      problems.append(.noTag(entry.name))
      return
    }
    steps.append(
      PlanStep(
        entry.direction == .incoming ? .inboundAssociations : .outboundAssociations, entry.name,
        .addAssociation(entry, tag), because: PlanStep.newReason))
  }

  private mutating func keep(
    _ entry: AssociationEntry, _ tag: Tag, _ present: SecurityAssociation
  ) {
    // It goes soon, as it is.
    if entry.isLeaving { return }
    let asked = entry.association
    let known = holdings.associations[tag]?.keyFingerprint ?? ""
    let differences = asked.fixedDifferences(from: present)
    var fixed = options.isWayBack ? [] : differences
    if entry.protection.names != present.algorithmNames { fixed.append("algorithms") }
    if let bits = present.checkBits, bits != entry.protection.checkBits {
      fixed.append("length of check values")
    }
    if let fingerprint = entry.keyFingerprint, !known.isEmpty, fingerprint != known {
      fixed.append("key")
    }
    guard fixed.isEmpty else {
      problems.append(
        PlanProblem(
          .unchangeable, entry.name,
          "\(fixed.joined(separator: ", ")) of an SA cannot be changed while it has the same SPI",
          do: entry.key?.isStatic == false
            ? "go on to new keys: `xfrmctl keys new \(entry.name.entry)`, then `xfrmctl rotate`"
            : "give it another SPI"))
      return
    }
    // What a way back cannot change stays as it is.
    guard differences.isEmpty else { return }
    var changed: [String] = []
    if asked.lifetime != present.lifetime { changed.append("lifetime") }
    if asked.encapsulation != present.encapsulation { changed.append("encapsulation") }
    if asked.outgoingMark != present.outgoingMark { changed.append("output mark") }
    if (asked.interfaceID ?? 0) != (present.interfaceID ?? 0) { changed.append("interface ID") }
    guard !changed.isEmpty else { return }
    var entry = entry
    entry.keyFingerprint = entry.keyFingerprint ?? known
    steps.append(
      PlanStep(
        entry.direction == .incoming ? .inboundAssociations : .outboundAssociations, entry.name,
        .updateAssociation(entry, tag), because: "\(changed.joined(separator: ", ")) changed"))
  }

  private mutating func retire(_ wanted: Set<AssociationKey>) {
    let old = inventory.associations.keys.compactMap { tag in
      holdings.associations[tag].map { (tag: tag, held: $0) }
    }.filter { !wanted.contains(AssociationKey($0.held.id)) }
    let ordered = old.sorted { left, right in
      let (first, second) = (left.held, right.held)
      if first.direction != second.direction { return first.direction == .outgoing }
      return first.name < second.name
    }
    let names = Set(desired.associations.map(\.name.withoutGeneration))
    for (tag, held) in ordered {
      let successor = names.contains(held.name.withoutGeneration)
      steps.append(
        PlanStep(
          .retire, held.name, .deleteAssociation(held, tag),
          because: successor ? "replaced" : PlanStep.unwantedReason, isReplaced: successor))
    }
  }
}

/// What tells one SA from all others, whatever its source.
struct AssociationKey: Hashable {
  private var id: SecurityAssociationID

  init(_ id: SecurityAssociationID) {
    self.id = id
    self.id.source = nil
    self.id.mark = id.mark.map { Mark($0.value & $0.mask, mask: $0.mask) }
  }
}

extension PlanProblem {
  static func noTag(_ name: ObjectName) -> PlanProblem {
    PlanProblem(.noRoom, name, "all tags are in use", do: "split the configuration")
  }
}
