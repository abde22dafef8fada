// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A checker for Clang's static analyzer that knows Holdfast's owners, borrows and guards.
 *
 * The analyzer follows every path through a function and into the functions of the same file that it calls, and
 * knows what each variable, member and element contains there.  This checker tells it what the front doors mean:
 *
 *   borrow	what hf_ref() and its like give is a pointer of its own, not the owner's.  It ends when the owner is
 *		moved or dropped, when its scope ends, or when the object around the owner ends.
 *   guard	the data of a lock ends with the guard, and begins again with the next one.
 *   element	the memory of a vector ends when the vector grows.
 *
 * The use of a pointer that has ended is a finding, wherever the pointer was kept meanwhile: in a member, a slice,
 * a global, a callee's variable.  So is a pointer that is left in memory which outlives the function.
 *
 * The functions are known by the names that they have in include/holdfast.
 */
#include "rules.h"

namespace {

enum Why { Moved, Dropped, ScopeEnded, Grown, Freed, Unlocked, Left, Evicted, Shared, OneOfThem };

// How and where a pointer ended.
struct End {
	unsigned Reason, Line;
	const MemRegion *Of;	// the owner, guard or vector; for its name
	const Stmt *By = nullptr;

	bool operator==(const End &X) const { return Reason == X.Reason && Line == X.Line && Of == X.Of && By == X.By; }
	void Profile(llvm::FoldingSetNodeID &ID) const
	{
		ID.AddInteger(Reason);
		ID.AddInteger(Line);
		ID.AddPointer(Of);
		ID.AddPointer(By);
	}
};

// What an owner lent last.
struct Loan {
	const MemRegion *Raw;
	SymbolRef Sym;

	bool operator==(const Loan &X) const { return Raw == X.Raw && Sym == X.Sym; }
	void Profile(llvm::FoldingSetNodeID &ID) const
	{
		ID.AddPointer(Raw);
		ID.AddPointer(Sym);
	}
};

// A pointer that was stored, and where.
struct Store {
	const MemRegion *To;
	const Stmt *By;

	bool operator==(const Store &X) const { return To == X.To && By == X.By; }
	void Profile(llvm::FoldingSetNodeID &ID) const
	{
		ID.AddPointer(To);
		ID.AddPointer(By);
	}
};

// A key and what was found by it; whether others may have changed the map since.
struct Search {
	SymbolRef Key, Found;
	bool Changed;

	bool operator==(const Search &X) const { return Key == X.Key && Found == X.Found && Changed == X.Changed; }
	void Profile(llvm::FoldingSetNodeID &ID) const
	{
		ID.AddPointer(Key);
		ID.AddPointer(Found);
		ID.AddBoolean(Changed);
	}
};

// An element that a function has seen in a list or map, by a cursor or at an end.
struct Seen {
	const MemRegion *In;
	const StackFrame *By;
	bool Walked;

	bool operator==(const Seen &X) const { return In == X.In && By == X.By && Walked == X.Walked; }
	void Profile(llvm::FoldingSetNodeID &ID) const
	{
		ID.AddPointer(In);
		ID.AddPointer(By);
		ID.AddBoolean(Walked);
	}
};

// From which list or map an element was taken, where, and the function that had found it there: NULL if its caller had.
struct Removal {
	const MemRegion *From;
	const Stmt *Where;
	const StackFrame *FoundBy;
	bool Any;	// whichever stood at the end

	bool operator==(const Removal &X) const
	{
		return From == X.From && Where == X.Where && FoundBy == X.FoundBy && Any == X.Any;
	}
	void Profile(llvm::FoldingSetNodeID &ID) const
	{
		ID.AddPointer(From);
		ID.AddPointer(Where);
		ID.AddPointer(FoundBy);
		ID.AddBoolean(Any);
	}
};

} // namespace

// By the place of the owner or guard.
REGISTER_MAP_WITH_PROGRAMSTATE(Lent, const MemRegion *, Loan)
// A borrow, and the place of its owner, which may be part of an object that ends.
REGISTER_MAP_WITH_PROGRAMSTATE(PartOf, SymbolRef, const MemRegion *)
REGISTER_MAP_WITH_PROGRAMSTATE(Ended, const MemRegion *, End)
// The variables with a cleanup function whose scope has not ended, and their declarations.
REGISTER_MAP_WITH_PROGRAMSTATE(Open, const VarRegion *, const Stmt *)
// Variables with a drop function that own: what, or NULL if that is not known.
REGISTER_MAP_WITH_PROGRAMSTATE(Owns, const VarRegion *, const MemRegion *)
// Variables whose scope is a context that spins, or one that was left.
REGISTER_SET_WITH_PROGRAMSTATE(Contexts, const VarRegion *)
// Variables that a deferred call gets a pointer to, and the call.
REGISTER_MAP_WITH_PROGRAMSTATE(Deferred, const MemRegion *, const VarRegion *)
// The memory of a vector, by the place of its pointer.
REGISTER_MAP_WITH_PROGRAMSTATE(Grew, const MemRegion *, const MemRegion *)
// Guards of a revocable, and which it is.
REGISTER_MAP_WITH_PROGRAMSTATE(Accesses, const MemRegion *, const MemRegion *)
// Borrows that were put into memory which outlives the function.
REGISTER_MAP_WITH_PROGRAMSTATE(Kept, const MemRegion *, Store)
// The data of a guard, by the place of the guard.
REGISTER_MAP_WITH_PROGRAMSTATE(GuardData, const MemRegion *, const MemRegion *)
// The locks that are held, by their data, and the line.
REGISTER_MAP_WITH_PROGRAMSTATE(Held, const MemRegion *, unsigned)
// Functions that run where nothing may sleep, though their callers do not.
REGISTER_SET_WITH_PROGRAMSTATE(Handlers, const StackFrame *)
// How many guards that spin are held.
REGISTER_TRAIT_WITH_PROGRAMSTATE(Spinning, unsigned)
// Parameters that own or owe, and were read.
REGISTER_SET_WITH_PROGRAMSTATE(Taken, const MemRegion *)
// Whether the condition that was tested last could not be otherwise on this path.
REGISTER_TRAIT_WITH_PROGRAMSTATE(Certain, bool)
// The data of guards whose lock was given up for a while, and the last time.
REGISTER_MAP_WITH_PROGRAMSTATE(GivenUp, const MemRegion *, End)
// Objects that were taken out of such data, or referred to once more.
REGISTER_SET_WITH_PROGRAMSTATE(Outside, SymbolRef)
// What callbacks are lent for one call, and by which parameter.
REGISTER_MAP_WITH_PROGRAMSTATE(ForCall, const MemRegion *, const VarDecl *)
// Members that were borrowed, in an earlier call, from a sibling which has ended meanwhile.
REGISTER_MAP_WITH_PROGRAMSTATE(Stale, const MemRegion *, End)
// What hf_arc_unique() lent, by the place of the arc.
REGISTER_MAP_WITH_PROGRAMSTATE(Alone, const MemRegion *, SymbolRef)
// Elements that a list or map lent, and has still.
REGISTER_MAP_WITH_PROGRAMSTATE(Linked, SymbolRef, const MemRegion *)
// Those that were found by a key, and the function that did.
REGISTER_MAP_WITH_PROGRAMSTATE(FoundBy, SymbolRef, const StackFrame *)
// What was found in a map by a key, as long as it does not change.
REGISTER_MAP_WITH_PROGRAMSTATE(Searched, const MemRegion *, Search)
// Elements of a list of which something was asked: it may tell their kind.
REGISTER_SET_WITH_PROGRAMSTATE(KindAsked, SymbolRef)
// Variables that own and that nothing drops: what they own.
REGISTER_MAP_WITH_PROGRAMSTATE(Unbound, const VarRegion *, const MemRegion *)
// Elements that were removed by a pointer that a member has, and the member.
REGISTER_MAP_WITH_PROGRAMSTATE(TakenBy, SymbolRef, const FieldDecl *)
// Elements that a cursor gave, or that stood at an end of the list or map: which it is, and the function that asked.
REGISTER_MAP_WITH_PROGRAMSTATE(SeenIn, SymbolRef, Seen)
// Elements that left a list or map.
REGISTER_MAP_WITH_PROGRAMSTATE(Removed, SymbolRef, Removal)
// Loops over lists and maps, by what name_next() gets, and the element that each is at.
REGISTER_MAP_WITH_PROGRAMSTATE(Loops, const MemRegion *, SymbolRef)
// Elements that a call of the user's was given, and the call: it knows them.
REGISTER_MAP_WITH_PROGRAMSTATE(GivenTo, SymbolRef, const Stmt *)
// Where an element is that was found in a list or map, by the pointer that leads to it.
REGISTER_MAP_WITH_PROGRAMSTATE(ElementAt, SymbolRef, const MemRegion *)
// Of a pointer to the first or last link of a list: whether the list is empty.
REGISTER_MAP_WITH_PROGRAMSTATE(EmptyBy, SymbolRef, SymbolRef)

namespace {

// A member that some function of the file borrows from another member of the same structure.
struct Sibling {
	const FieldDecl *Borrow, *Owner;
	bool Unique;	// by hf_arc_unique(): it ends with the first other reference
	bool Several = false;	// the owner is one of an array or list
};

class Siblings : public RecursiveASTVisitor<Siblings> {
	bool InHeader = false;

	static const MemberExpr *memberOf(const Expr *E)
	{
		return E ? dyn_cast<MemberExpr>(E->IgnoreParenCasts()) : nullptr;
	}

	// The variable that a member is reached by, if its structure is that variable or what it points to.
	static const VarDecl *variableOf(const MemberExpr *M)
	{
		const auto *D = dyn_cast<DeclRefExpr>(M->getBase()->IgnoreParenCasts());

		return D ? dyn_cast<VarDecl>(D->getDecl()) : nullptr;
	}

	static bool pointsSomewhere(QualType T)
	{
		if (T->isPointerType())
			return !T->isFunctionPointerType();
		const auto *RT = T->getAs<RecordType>();
		StringRef N = RT ? RT->getDecl()->getName() : StringRef();

		return N.ends_with("slice") || N == "hf_reader" || N == "hf_writer";
	}

	static bool owns(QualType T)
	{
		return contains(T, "moves_only_") || contains(T, "head_") || contains(T, "tree_") || contains(T, "capacity_");
	}

	void look(const Stmt *S, const VarDecl *Of, const FieldDecl *&Owner, bool &Unique, bool &Gives) const
	{
		if (!S)
			return;
		if (const auto *M = dyn_cast<MemberExpr>(S))
			if (const auto *F = dyn_cast<FieldDecl>(M->getMemberDecl()); F && !Owner && variableOf(M) == Of && owns(F->getType()))
				Owner = F;
		if (const auto *Call = dyn_cast<CallExpr>(S))
			if (const FunctionDecl *D = Call->getDirectCallee()) {
				StringRef N = D->getIdentifier() ? D->getName() : "";

				Unique |= N.starts_with("hf_arc_unique_");
				Gives |= N == "hf_take_" || N == "hf_move_" || N == "hf_replace_" || N == "hf_clone_";
			}
		for (const Stmt *X : S->children())
			look(X, Of, Owner, Unique, Gives);
	}

public:
	std::vector<Sibling> Found;

	// Functions that a macro of the headers has called, with what is borrowed for the call.
	llvm::DenseSet<const FunctionDecl *> Callbacks;

	bool TraverseDecl(Decl *D)
	{
		bool Outer = InHeader, Result;

		if (const auto *V = dyn_cast_or_null<VarDecl>(D); V && V->isFileVarDecl())
			InHeader = byHeader(V->getBeginLoc(), V->getASTContext().getSourceManager());
		else if (D && isa<FunctionDecl>(D))
			InHeader = byHeader(D, D->getASTContext().getSourceManager());
		Result = RecursiveASTVisitor<Siblings>::TraverseDecl(D);
		InHeader = Outer;
		return Result;
	}

	bool VisitDeclRefExpr(DeclRefExpr *E)
	{
		const auto *FD = InHeader ? dyn_cast<FunctionDecl>(E->getDecl()) : nullptr;

		if (FD && !byHeader(FD->getCanonicalDecl()->getLocation(), FD->getASTContext().getSourceManager()))
			Callbacks.insert(FD->getCanonicalDecl());
		return true;
	}

	// p->now = hf_mut(x), and later hf_set(p->all[i], hf_move(x)) or name_push_back(&p->list, hf_move(x)).
	bool VisitFunctionDecl(FunctionDecl *FD)
	{
		std::vector<std::pair<const MemberExpr *, const VarDecl *>> Lent;

		if (InHeader || !FD->doesThisDeclarationHaveABody())
			return true;
		any(FD->getBody(), [&](const Stmt *S) {
			const auto *B = dyn_cast<BinaryOperator>(S);
			const MemberExpr *M = B && B->getOpcode() == BO_Assign ? memberOf(B->getLHS()) : nullptr;
			const auto *Call = dyn_cast<CallExpr>(S);
			StringRef N = Call && Call->getDirectCallee() && Call->getDirectCallee()->getIdentifier() ?
					      Call->getDirectCallee()->getName() : "";

			if (M && variableOf(M) && isa<FieldDecl>(M->getMemberDecl()) && M->getType()->isPointerType())
				if (const VarDecl *Owner = givenBy(B->getRHS(), { "hf_ref_", "hf_mut_" }))
					Lent.push_back({ M, Owner });
			if (N == "hf_set_" || N.contains("_push_") || N.contains("_insert"))
				if (const VarDecl *Owner = Call->getNumArgs() > 1 ? givenBy(Call->getArg(1), { "hf_move_" }) : nullptr)
					for (const auto &L : Lent) {
						const FieldDecl *Into = nullptr;
						bool Unused;

						look(Call->getArg(0), variableOf(L.first), Into, Unused, Unused);
						const auto *F = cast<FieldDecl>(L.first->getMemberDecl());
						if (Into && L.second == Owner && Into->getParent() == F->getParent())
							Found.push_back({ F, Into, false, N != "hf_set_" || Into->getType()->isArrayType() });
					}
			return false;
		});
		return true;
	}

	static const VarDecl *firstVariable(const Stmt *In)
	{
		const VarDecl *Found = nullptr;

		any(In, [&](const Stmt *S) {
			const auto *D = dyn_cast<DeclRefExpr>(S);
			return D && (Found = dyn_cast<VarDecl>(D->getDecl()));
		});
		return Found;
	}

	// The variable whose owner a function of the headers lends or moves.
	static const VarDecl *givenBy(const Expr *E, std::initializer_list<StringRef> By)
	{
		const VarDecl *Owner = nullptr;

		any(E, [&](const Stmt *S) {
			const auto *Call = dyn_cast<CallExpr>(S);
			const FunctionDecl *To = Call ? Call->getDirectCallee() : nullptr;

			if (To && To->getIdentifier() && llvm::is_contained(By, To->getName()))
				Owner = firstVariable(Call->getArg(0));
			return Owner != nullptr;
		});
		return Owner && Owner->getName() == "hf_o_" ? firstVariable(Owner->getInit()) : Owner;
	}

	bool VisitBinaryOperator(BinaryOperator *B)
	{
		const MemberExpr *M = B->getOpcode() == BO_Assign ? memberOf(B->getLHS()) : nullptr;
		const VarDecl *Of = M ? variableOf(M) : nullptr;
		const auto *F = M ? dyn_cast<FieldDecl>(M->getMemberDecl()) : nullptr;
		const FieldDecl *Owner = nullptr;
		bool Unique = false, Gives = false;

		if (!Of || !F || !pointsSomewhere(F->getType()))
			return true;
		look(B->getRHS(), Of, Owner, Unique, Gives);
		if (Owner && Owner != F && Owner->getParent() == F->getParent() && !Gives)
			Found.push_back({ F, Owner, Unique });
		return true;
	}
};

class Borrows : public Rules<check::PreCall, check::PostCall, eval::Call, check::Location, check::Bind, check::PreStmt<Stmt>,
				check::PostStmt<DeclStmt>, check::BeginFunction, check::EndFunction, check::BranchCondition, check::LiveSymbols,
				check::DeadSymbols> {
	// --- places in the source ---

	// --- values ---

	/*
	 * How the memory ended that a pointer leads to which was read out of locked data, if the lock was given up since:
	 * what the data has now are other values.
	 */
	static const End *givenUp(ProgramStateRef State, const SymbolicRegion *R)
	{
		const auto *X = dyn_cast<SymbolRegionValue>(R->getSymbol());

		if (State->contains<Outside>(R->getSymbol()))
			return nullptr;
		for (const MemRegion *Q = X ? X->getRegion() : nullptr; Q && isa<SubRegion>(Q); Q = cast<SubRegion>(Q)->getSuperRegion())
			if (const End *E = State->get<GivenUp>(Q))
				return E;
		return nullptr;
	}

	// How the memory at @R ended, or NULL.
	static const End *ended(ProgramStateRef State, const MemRegion *R)
	{
		for (int Depth = 0; R && Depth < 16; Depth++) {
			const MemRegion *Base = R->getBaseRegion();

			bool Numbers = false;	// the part of a map that reserves numbers, which needs no guard

			for (const MemRegion *Q = R;; Q = cast<SubRegion>(Q)->getSuperRegion()) {
				const auto *FR = dyn_cast<FieldRegion>(Q);

				Numbers |= FR && FR->getDecl()->getName() == "ids" && contains(FR->getDecl()->getType(), "ids_");
				if (const End *E = State->get<Ended>(Q); E && !(Numbers && E->Reason == Unlocked))
					return E;
				if (Q == Base || !isa<SubRegion>(Q))
					break;
			}
			const auto *Sym = dyn_cast<SymbolicRegion>(Base);
			if (const End *E = Sym ? givenUp(State, Sym) : nullptr)
				return E;
			const MemRegion *const *Place = Sym ? State->get<PartOf>(Sym->getSymbol()) : nullptr;
			R = Place ? *Place : nullptr;
		}
		return nullptr;
	}

	static StringRef ruleOf(const End &E)
	{
		return E.Reason == Unlocked || E.Reason == Left ? "guard-escapes" : "borrow-outlives-owner";
	}

	static std::string why(const End &E)
	{
		std::string Of = nameOf(E.Of), Where = E.Line ? " in line " + std::to_string(E.Line) : "";

		Of = Of.empty() ? "its owner" : "'" + Of + "'";
		switch (E.Reason) {
		case Moved:
			return Of + ", which was moved or dropped" + Where;
		case Dropped:
			return Of + ", which was dropped" + Where;
		case ScopeEnded:
			return Of + ", whose scope has ended";
		case Grown:
			return Of + ", which may have moved its elements" + Where;
		case Freed:
			return "an object that was freed" + Where;
		case Unlocked:
			return Of + ", whose lock was released" + Where;
		case Evicted:
			return Of + ", which dropped an element" + Where + ", and it may be this one";
		case Shared:
			return Of + ", to which there is another reference" + Where;
		default:
			return Of + ", whose scope has ended";
		}
	}

	void use(CheckerContext &C, ProgramStateRef State, const Stmt *S, const End &E) const
	{
		const StackFrame *SF;
		const Stmt *U = userStmt(C, S, &SF);

		if (U)
			report(C, State, S, ruleOf(E), Twine(text(C, U)) + " uses a pointer to what belongs to " + why(E));
	}

	// --- siblings ---

	mutable std::unique_ptr<Siblings> Known;

	const Siblings &facts(CheckerContext &C) const
	{
		if (!Known) {
			Known = std::make_unique<Siblings>();
			Known->TraverseDecl(C.getASTContext().getTranslationUnitDecl());
		}
		return *Known;
	}

	const std::vector<Sibling> &siblings(CheckerContext &C) const
	{
		return facts(C).Found;
	}

	// The pointer in a member that borrows, or in its slice or reader.
	static SVal pointerIn(ProgramStateRef State, const TypedValueRegion *R)
	{
		QualType T = R->getValueType();
		SVal Place = loc::MemRegionVal(R);

		for (int Depth = 0; Depth < 4 && !T->isPointerType(); Depth++) {
			const auto *RT = T->getAs<RecordType>();
			const FieldDecl *Pointer = nullptr;

			if (!RT)
				return UnknownVal();
			for (const FieldDecl *F : RT->getDecl()->getDefinitionOrSelf()->fields())
				if (!Pointer && (F->getType()->isPointerType() || F->getType()->isRecordType()))
					Pointer = F;
			if (!Pointer)
				return UnknownVal();
			Place = State->getLValue(Pointer, Place);
			T = Pointer->getType();
		}
		return load(State, Place);
	}

	// Whether the member has the value that it had when the analysis of this path began.
	static bool isUntouched(ProgramStateRef State, const TypedValueRegion *R)
	{
		SVal V = pointerIn(State, R);
		const auto *X = dyn_cast_or_null<SymbolRegionValue>(V.getAsLocSymbol());

		return X && (X->getRegion() == R || X->getRegion()->isSubRegionOf(R)) && !isNull(State, V);
	}

	// What the owner at @R had is not there any more, so what other members borrowed from it in earlier calls is not.
	ProgramStateRef siblingsEnd(CheckerContext &C, ProgramStateRef State, const MemRegion *R, Why Reason, const Stmt *S,
				    bool UniqueOnly = false) const
	{
		const StackFrame *SF;
		const Stmt *By = siblings(C).empty() ? nullptr : userStmt(C, S, &SF);

		if (!By)
			return State;
		for (; R && isa<SubRegion>(R); R = cast<SubRegion>(R)->getSuperRegion()) {
			const auto *F = dyn_cast<FieldRegion>(R);

			for (const Sibling &X : siblings(C)) {
				if (!F || F->getDecl()->getCanonicalDecl() != X.Owner->getCanonicalDecl() || (UniqueOnly && !X.Unique))
					continue;
				const auto *M = dyn_cast_or_null<TypedValueRegion>(
					State->getLValue(X.Borrow, loc::MemRegionVal(F->getSuperRegion())).getAsRegion());

				if (M && isUntouched(State, M) && (!X.Several || Reason == Dropped))
					State = State->set<Stale>(M, End{ X.Several ? OneOfThem : Reason, line(C, S), R, By });
			}
		}
		return State;
	}

	// How the member at @R, or around it, became stale.
	static const End *stale(ProgramStateRef State, const MemRegion *R)
	{
		for (; R && isa<SubRegion>(R); R = cast<SubRegion>(R)->getSuperRegion())
			if (const End *E = State->get<Stale>(R); E && E->Reason != OneOfThem)
				return isUntouched(State, cast<TypedValueRegion>(R)) ? E : nullptr;
		return nullptr;
	}

	// --- ends ---

	// The variable or parameter that leads to a place.
	static const VarDecl *rootOf(ProgramStateRef State, const MemRegion *R)
	{
		for (int Depth = 0; R && Depth < 16; Depth++) {
			const MemRegion *Base = R->getBaseRegion();
			const auto *X = dyn_cast<SymbolicRegion>(Base);

			if (const auto *V = dyn_cast<VarRegion>(Base))
				return V->getDecl();
			if (!X)
				return nullptr;
			const MemRegion *const *Place = State->get<PartOf>(X->getSymbol());
			R = Place ? *Place : X->getSymbol()->getOriginRegion();
		}
		return nullptr;
	}

	// The type of an owner, by the place in it.
	static StringRef ownerType(const MemRegion *Own)
	{
		const auto *F = dyn_cast_or_null<FieldRegion>(Own);
		StringRef Handle = F ? F->getDecl()->getParent()->getName() : "";

		return Handle.ends_with("_own") ? Handle : "";
	}

	// Whether the drop of an owner looks at a global variable, and may take out of it what the variable keeps.
	static bool looksAt(CheckerContext &C, StringRef Handle, const VarDecl *Global)
	{
		Functions All;

		for (const Decl *D : C.getASTContext().getTranslationUnitDecl()->decls())
			if (const auto *FD = dyn_cast<FunctionDecl>(D); FD && FD->hasBody() && FD->getName() == (Handle + "_drop").str())
				reach(FD, All);
		return llvm::any_of(All, [&](const FunctionDecl *FD) { return names(FD->getBody(), Global); });
	}

	// The memory at @R ends.  Pointers to it that are kept outside this function are a finding.
	ProgramStateRef end(CheckerContext &C, ProgramStateRef State, const MemRegion *R, Why Reason,
			    const MemRegion *Of, unsigned Line, bool MayBeKept = false) const
	{
		const StackFrame *SF;
		End E{ Reason, Line, Of, Line ? userStmt(C, nullptr, &SF) : nullptr };

		if (!R)
			return State;
		for (auto P : State->get<Kept>()) {
			// What is in the object itself ends, or goes, with it.
			if (P.first->getBaseRegion() == R->getBaseRegion()) {
				// What a lock guards in a global variable stays.
				if (Reason != Unlocked || isa<SymbolicRegion>(R->getBaseRegion()))
					State = State->remove<Kept>(P.first);
				continue;
			}
			const auto *To = dyn_cast<SubRegion>(P.second.To);

			if (!To || (To != R && !To->isSubRegionOf(R)))
				continue;
			const VarDecl *Root = rootOf(State, P.first);
			const VarDecl *Global = Root && Root->hasGlobalStorage() && !ownerType(Of).empty() ? Root : nullptr;

			// What a lock guards lives on.
			if (const End *Over = ended(State, P.first); Over && (Over->Reason != Unlocked || !Global))
				continue;
			if (Global && looksAt(C, ownerType(Of), Global))
				continue;
			std::string Name = nameOf(P.first);

			if (MayBeKept)
				continue;
			reportAt(C, State, P.second.By, Reason == Unlocked || Reason == Left ? "guard-escapes" : "borrow-escapes",
			       Twine("'") + (Name.empty() ? "a place outside" : Name) + "' keeps a pointer to what belongs to " + why(E));
			return nullptr;
		}
		return State->set<Ended>(R, E);
	}

	// The part of another object that is what @R is of @From.
	static const MemRegion *rebase(ProgramStateRef State, const MemRegion *R, const MemRegion *From, const MemRegion *To)
	{
		const auto *F = dyn_cast<FieldRegion>(R);
		const auto *E = dyn_cast<ElementRegion>(R);

		if (R == From)
			return To;
		if (E && E->getIndex().isZeroConstant())
			return rebase(State, E->getSuperRegion(), From, To);
		const MemRegion *Super = F ? rebase(State, F->getSuperRegion(), From, To) : nullptr;
		return Super ? State->getLValue(F->getDecl(), loc::MemRegionVal(Super)).getAsRegion() : nullptr;
	}

	// The data of a lock is there again, with what it has now.
	static ProgramStateRef beginAgain(CheckerContext &C, ProgramStateRef State, const MemRegion *Data)
	{
		State = State->remove<Ended>(Data)->remove<GivenUp>(Data);
		for (auto P : State->get<PartOf>())
			if (const auto *R = dyn_cast<SubRegion>(P.second); R && (R == Data || R->isSubRegionOf(Data)))
				if (const End *E = State->get<Ended>(region(C, P.first)); E && E->Reason == Unlocked)
					State = State->remove<Ended>(region(C, P.first));
		return State;
	}

	// An object is returned, and what it keeps with it.
	static ProgramStateRef goesOn(CheckerContext &C, ProgramStateRef State, const MemRegion *Own)
	{
		const Loan *L = State->get<Lent>(Own);
		const MemRegion *Raw = base(load(State, ptrPlace(State, Own)));

		if (!L || !Raw || !isa<SymbolicRegion>(Raw))
			return State;
		for (auto P : State->get<Kept>())
			if (P.first->getBaseRegion() == region(C, L->Sym))
				if (const MemRegion *Place = rebase(State, P.first, region(C, L->Sym), Raw))
					State = State->set<Kept>(Place, P.second);
		return State;
	}

	// The owner at @Own lends no more.
	ProgramStateRef endLoan(CheckerContext &C, ProgramStateRef State, const MemRegion *Own, Why Reason,
				unsigned Line, bool MayBeKept = false) const
	{
		const Loan *L = State->get<Lent>(Own);
		const SymbolRef *Unique = State->get<Alone>(Own);

		if (L)
			State = end(C, State->remove<Lent>(Own), region(C, L->Sym), Reason, Own, Line, MayBeKept);
		// What is moved is still there, mostly.
		if (State && Unique && Reason != Moved)
			State = end(C, State->remove<Alone>(Own), region(C, *Unique), Reason, Own, Line, MayBeKept);
		return State;
	}

	// --- elements that a callee drops ---

	static bool isWithinFrame(const StackFrame *SF, const StackFrame *Outer)
	{
		for (SF = SF ? SF->getParent() : nullptr; SF && SF != Outer; SF = SF->getParent())
			;
		return SF;
	}

	// The functions that a function called, on the way to this one, and what they call.
	static Functions calledFrom(const StackFrame *Outer, const StackFrame *SF)
	{
		Functions All;

		for (; SF && SF != Outer; SF = SF->getParent())
			reach(dyn_cast<FunctionDecl>(SF->getDecl()), All);
		return All;
	}

	/*
	 * Whether this path has changed a member of an element that these functions look at: who counts a user up, or sets
	 * a mark, may know that they spare the element.
	 */
	static bool isMarked(ProgramStateRef State, SymbolRef Element, const Functions &By)
	{
		const MemRegion *const *At = State->get<ElementAt>(Element);
		const auto *X = At ? dyn_cast<TypedValueRegion>(*At) : nullptr;
		const auto *RT = X ? X->getValueType()->getAs<RecordType>() : nullptr;

		if (!RT || !RT->getDecl()->getDefinition())
			return false;
		for (const FieldDecl *F : RT->getDecl()->getDefinition()->fields()) {
			SVal Place = State->getLValue(F, loc::MemRegionVal(X));
			const auto *V = dyn_cast_or_null<SymbolRegionValue>(load(State, Place).getAsSymbol());

			if (F->getType()->isRecordType() || F->getType()->isArrayType() || (V && V->getRegion() == Place.getAsRegion()))
				continue;
			if (llvm::any_of(By, [&](const FunctionDecl *FD) { return names(FD->getBody(), F); }))
				return true;
		}
		return false;
	}

	// Whether a function compares a member with what one of its parameters is, or lets another one do that.
	static bool selectsBy(const FunctionDecl *FD, const ParmVarDecl *P, int Depth = 0)
	{
		return Depth < 4 && any(FD->getBody(), [&](const Stmt *S) {
			const auto *B = dyn_cast<BinaryOperator>(S);
			const auto *Call = dyn_cast<CallExpr>(S);
			const FunctionDecl *To = Call ? Call->getDirectCallee() : nullptr;

			if (B && B->isEqualityOp() && (names(B->getLHS(), P) || names(B->getRHS(), P)))
				return true;
			for (unsigned I = 0; To && I < std::min(Call->getNumArgs(), To->getNumParams()); I++)
				if (names(Call->getArg(I), P) &&
				    (!To->hasBody() || byHeader(To, FD->getASTContext().getSourceManager()) ||
				     selectsBy(To->getDefinition(), To->getDefinition()->getParamDecl(I), Depth + 1)))
					return true;
			return false;
		});
	}

	// Whether a caller says, by a number or a name, which element a function takes out.
	static bool isChosen(const FunctionDecl *FD)
	{
		return FD && llvm::any_of(FD->parameters(), [&](const ParmVarDecl *P) {
			return !(P->getType()->isPointerType() && P->getType()->getPointeeType()->isRecordType()) && selectsBy(FD, P);
		});
	}

	// Whether two places are those of one list: of the list of some type, and of the one within it.
	static bool isSameList(const MemRegion *A, const MemRegion *B)
	{
		RegionOffset X = A->getAsOffset(), Y = B->getAsOffset();

		return A == B || (X.isValid() && Y.isValid() && !X.hasSymbolicOffset() && !Y.hasSymbolicOffset() &&
				  X.getRegion() == Y.getRegion() && X.getOffset() == Y.getOffset());
	}

	// The element @P, which @By has found, may be the one that was taken out.
	ProgramStateRef evict(CheckerContext &C, ProgramStateRef State, const Removal &R, SymbolRef Gone, SymbolRef P,
			      const StackFrame *By, const MemRegion *In) const
	{
		const StackFrame *SF = C.getStackFrame(), *Callee = SF;

		if (P == Gone || !isSameList(R.From, In) || !isWithinFrame(SF, By) || ended(State, region(C, P)))
			return State;
		while (Callee->getParent() != By)
			Callee = Callee->getParent();
		if (!R.Any && (!isWithinFrame(R.FoundBy, By) || isChosen(dyn_cast<FunctionDecl>(Callee->getDecl()))))
			return State;
		if (const Stmt *const *Call = State->get<GivenTo>(P); Call && *Call == Callee->getCallSite())
			return State;
		if (isMarked(State, P, calledFrom(By, SF)))
			return State;
		return end(C, State, region(C, P), Evicted, In, line(C));
	}

	/*
	 * An element that was taken out of a list or map is dropped here, and this function or a callee had found it.  A caller
	 * that has found one by its key, or by a cursor, cannot know that it is another.
	 */
	ProgramStateRef evict(CheckerContext &C, ProgramStateRef State, SymbolRef Gone) const
	{
		const Removal *R = State->get<Removed>(Gone);

		// A map drops only what it refuses.
		if (!R || byHeader(C.getStackFrame()->getDecl(), C.getSourceManager()))
			return State;
		const Removal Out = *R;
		for (auto P : State->get<FoundBy>())
			if (const MemRegion *const *In = State ? State->get<Linked>(P.first) : nullptr)
				State = evict(C, State, Out, Gone, P.first, P.second, *In);
		if (State)
			for (auto P : State->get<SeenIn>())
				if (State && P.second.Walked && !Out.Any)
					State = evict(C, State, Out, Gone, P.first, P.second.By, P.second.In);
		return State;
	}

	// The object outlives the data that a pointer to it was read from.
	static ProgramStateRef outside(ProgramStateRef State, SVal Object)
	{
		const auto *X = dyn_cast_or_null<SymbolicRegion>(base(Object));

		return X ? State->add<Outside>(X->getSymbol()) : State;
	}

	// A variable has an owner, unless it is known to be empty.
	static ProgramStateRef owns(ProgramStateRef State, const VarRegion *Handle)
	{
		SVal Raw = load(State, ptrPlace(State, ownOf(State, Handle)));

		return isNull(State, Raw) ? State->remove<Owns>(Handle) : State->set<Owns>(Handle, Raw.getAsRegion());
	}

	// Someone else may drop what the variable owns.
	static ProgramStateRef takeUnbound(ProgramStateRef State, SVal Pointer)
	{
		const auto *V = dyn_cast_or_null<VarRegion>(base(Pointer));

		return V ? State->remove<Unbound>(V) : State;
	}

	// --- what the functions are ---

	ProgramStateRef drop(CheckerContext &C, ProgramStateRef State, const MemRegion *Handle, StringRef Name, Why Reason,
			     unsigned Line) const
	{
		const MemRegion *Own = ownOf(State, Handle);
		SVal Place = ptrPlace(State, Own), Raw = load(State, Place);

		if (Reason == ScopeEnded) {
			// The analyzer forgets a variable after its last use.
			const MemRegion *const *Known = State->get<Owns>(cast<VarRegion>(Handle));

			if (!Known)
				return State;
			Raw = *Known ? SVal(loc::MemRegionVal(*Known)) : UnknownVal();
			State = State->remove<Owns>(cast<VarRegion>(Handle));
		}
		if (!Own || isNull(State, Raw))
			return State;
		State = endLoan(C, Reason == Dropped ? siblingsEnd(C, State, Own, Reason, nullptr) : State, Own, Reason, Line);
		if (State && Name.ends_with("_own_drop") && isWhole(Raw)) {
			State = end(C, State, base(Raw), Reason, Own, Line);
			if (const auto *X = dyn_cast<SymbolicRegion>(base(Raw)); X && State)
				State = evict(C, State, X->getSymbol());
		}
		if (State && Reason != ScopeEnded && isa<Loc>(Place))
			State = State->bindLoc(Place.castAs<Loc>(), C.getSValBuilder().makeNullWithType(C.getASTContext().VoidPtrTy),
					       C.getStackFrame());
		return State;
	}

	static bool isBorrow(StringRef N)
	{
		return N == "hf_ref_" || N == "hf_ref_place_" || N == "hf_mut_" || N == "hf_mut_place_" || N == "hf_lend_" ||
		       N == "hf_lend_place_" || N == "hf_lend_mut_" || N == "hf_lend_mut_place_";
	}

	/*
	 * Whether a context is that of a guard which the caller holds, and has been counted there: hf_use_guard() makes
	 * no guard.
	 */
	static bool isLent(CheckerContext &C, ProgramStateRef State, const VarDecl *Context)
	{
		StringRef Name = Context ? Context->getName() : StringRef();

		if (C.inTopFrame() || !Name.consume_front("hf_context_"))
			return false;
		for (auto P : State->get<Open>()) {
			StringRef Guard = P.first->getDecl()->getName();

			if (P.first->getStackFrame() == C.getStackFrame() && Guard.consume_back(Name) &&
			    (Guard == "hf_guard_" || Guard == "hf_access_" || Guard == "hf_reading_"))
				return false;
		}
		return true;
	}

	static bool isLent(CheckerContext &C, ProgramStateRef State, const Expr *E)
	{
		const auto *D = dyn_cast<DeclRefExpr>(E->IgnoreParenImpCasts());

		return D && isLent(C, State, dyn_cast<VarDecl>(D->getDecl()));
	}

	// The context that hf_spins_() stands for: the variable hf_spinning, which its mark names.
	static const VarDecl *contextOf(const Decl *D)
	{
		const auto *A = D ? D->getAttr<LockReturnedAttr>() : nullptr;
		const auto *E = A ? dyn_cast<DeclRefExpr>(A->getArg()->IgnoreParenCasts()) : nullptr;

		return E ? dyn_cast<VarDecl>(E->getDecl()) : nullptr;
	}

	static bool sleeps(const Decl *D)
	{
		if (D)
			for (const auto *A : D->specific_attrs<LocksExcludedAttr>())
				for (const Expr *E : A->args())
					if (names(E, "hf_spinning"))
						return true;
		return false;
	}

	static bool spins(const Decl *D)
	{
		if (D)
			for (const auto *A : D->specific_attrs<RequiresCapabilityAttr>())
				for (const Expr *E : A->args())
					if (names(E, "hf_spinning") || names(E, "hf_spins_"))
						return true;
		return false;
	}

	DefinedOrUnknownSVal fresh(const CallEvent &Call, CheckerContext &C, QualType T) const
	{
		return C.getSValBuilder().conjureSymbolVal(Call, T, C.blockCount(), this);
	}

public:
	// --- calls ---

	bool evalCall(const CallEvent &Call, CheckerContext &C) const
	{
		StringRef N = nameOf(Call);
		ProgramStateRef State = C.getState();
		const Expr *E = Call.getOriginExpr();
		const StackFrame *SF = C.getStackFrame();

		if (!E || N.empty())
			return false;
		if (isBorrow(N)) {
			const MemRegion *Own = Call.getArgSVal(0).getAsRegion();
			SVal Raw = load(State, ptrPlace(State, Own));

			if (!Own)
				return false;
			if (isNull(State, Raw)) {
				std::string Name = nameOf(Own);

				report(C, State, E, "use-after-move", Twine("'") + Name + "' owns nothing here: it was moved, or never bound");
				return true;
			}
			if (auto D = Raw.getAs<DefinedOrUnknownSVal>())
				if (ProgramStateRef S = State->assume(*D, true))
					State = S;
			const MemRegion *RawR = Raw.getAsRegion();
			const Loan *L = State->get<Lent>(Own);
			SVal V;
			if (L && L->Raw == RawR) {
				V = loc::MemRegionVal(region(C, L->Sym));
			} else {
				DefinedOrUnknownSVal F = fresh(Call, C, Call.getResultType());
				SymbolRef Sym = F.getAsSymbol();

				if (!Sym)
					return false;
				if (ProgramStateRef S = State->assume(F, true))
					State = S;
				V = F;
				State = State->set<Lent>(Own, Loan{ RawR, Sym });
				if (!isa<VarRegion>(Own->getBaseRegion()) ||
				    !cast<VarRegion>(Own->getBaseRegion())->getDecl()->hasLocalStorage())
					State = State->set<PartOf>(Sym, Own);
			}
			C.addTransition(State->BindExpr(E, SF, V));
			return true;
		}
		if (N == "hf_arc_unique_" || N == "hf_arc_unique_place_") {
			const MemRegion *Own = Call.getArgSVal(0).getAsRegion();
			DefinedOrUnknownSVal F = fresh(Call, C, Call.getResultType());

			if (!Own || !F.getAsSymbol() || isNull(State, load(State, ptrPlace(State, Own))))
				return false;
			if (ProgramStateRef S = State->assume(F, true))
				State = S;
			C.addTransition(State->set<Alone>(Own, F.getAsSymbol())->BindExpr(E, SF, F));
			return true;
		}
		if (N == "hf_accessed_" || N == "hf_read_") {
			const MemRegion *Guard = Call.getArgSVal(0).getAsRegion();
			DefinedOrUnknownSVal F = fresh(Call, C, Call.getResultType());

			if (!Guard || !F.getAsSymbol())
				return false;
			if (ProgramStateRef S = State->assume(F, true))
				State = S;
			if (const auto *TR = dyn_cast<TypedValueRegion>(Guard); TR && N == "hf_accessed_")
				if (const MemRegion *Of = load(State, member(State, TR, TR->getValueType(), "r")).getAsRegion())
					State = State->set<Accesses>(Guard, Of);
			State = State->set<Lent>(Guard, Loan{ nullptr, F.getAsSymbol() });
			C.addTransition(State->BindExpr(E, SF, F));
			return true;
		}
		if (N == "hf_guarded_") {
			const MemRegion *Guard = Call.getArgSVal(0).getAsRegion(), *Data = Call.getArgSVal(1).getAsRegion();

			if (Guard && Data)
				State = beginAgain(C, State->set<GuardData>(Guard, Data), Data);
			C.addTransition(State->BindExpr(E, SF, Call.getArgSVal(1)));
			return true;
		}
		// Nobody else can reach the data, whichever guards there were.
		if (N == "hf_unguarded_") {
			if (const MemRegion *Data = Call.getArgSVal(0).getAsRegion())
				State = beginAgain(C, State, Data);
			C.addTransition(State->BindExpr(E, SF, Call.getArgSVal(0)));
			return true;
		}
		if (isDrop(N) && byHeader(Call.getDecl(), C.getSourceManager())) {
			State = drop(C, State, Call.getArgSVal(0).getAsRegion(), N, Dropped, line(C, E));
			if (State)
				C.addTransition(State);
			return true;
		}
		if (N == "hf_sys_free" || N == "hf_user_free") {
			const MemRegion *R = base(Call.getArgSVal(0));

			if (R && isa<SymbolicRegion>(R)) {
				if (const End *X = ended(State, R)) {
					use(C, State, E, *X);
					return true;
				}
				State = end(C, State, R, Freed, nullptr, line(C, E));
			}
			if (State)
				C.addTransition(State);
			return true;
		}
		// A result is a structure to the analyzer: its error is 0 if there is a value.
		if (N == "hf_failed_ptr_") {
			auto Err = Call.getArgSVal(0).getAs<DefinedOrUnknownSVal>();

			// The pointer of an allocation, before there is a result.
			if (Call.getArgSVal(0).getAs<nonloc::LocAsInteger>()) {
				C.addTransition(State->BindExpr(E, SF, C.getSValBuilder().makeTruthVal(false, E->getType())));
				return true;
			}
			for (bool Failed : { false, true })
				if (ProgramStateRef S = Err ? State->assume(*Err, Failed) : State)
					C.addTransition(S->BindExpr(E, SF, C.getSValBuilder().makeTruthVal(Failed, E->getType())));
			return true;
		}
		if (N == "hf_spins_" || N == "hf_tries_" || N == "hf_mutex_may_sleep_") {
			if (N == "hf_mutex_may_sleep_" && checkSleep(Call, C))
				return true;
			const VarDecl *Context = N == "hf_spins_" ? contextOf(Call.getDecl()) : nullptr;
			const MemRegion *R = Context ? State->getRegion(Context, SF) : nullptr;

			C.addTransition(State->BindExpr(E, SF, R ? SVal(loc::MemRegionVal(R)) :
							C.getSValBuilder().makeNullWithType(E->getType())));
			return true;
		}
		if (N == "hf_context_begin_" || N == "hf_context_end_" || N == "hf_context_again_") {
			SVal V = Call.getArgSVal(0);

			if (N != "hf_context_begin_")
				V = load(State, V);
			else if (isLent(C, State, Call.getArgExpr(0)))
				V = UnknownVal();
			if (V.getAsRegion())
				State = State->set<Spinning>(State->get<Spinning>() + (N == "hf_context_end_" ? -1 : 1));
			C.addTransition(State);
			return true;
		}
		if (N == "hf_vec_grow_") {
			ProgramStateRef Failed = State;
			SVal Place = Call.getArgSVal(0);
			const MemRegion *R = Place.getAsRegion();
			ASTContext &X = C.getASTContext();

			if (R)
				R = R->StripCasts();
			if (R && isa<TypedValueRegion>(R)) {
				QualType T = cast<TypedValueRegion>(R)->getValueType();
				SVal Old = load(State, loc::MemRegionVal(R));
				DefinedOrUnknownSVal F = fresh(Call, C, T);

				State = siblingsEnd(C, State, R, Grown, E);
				if (const MemRegion *B = base(Old))
					if (isa<SymbolicRegion>(B))
						State = end(C, State, B, Grown, R, line(C, E));
				if (State) {
					if (ProgramStateRef S = State->assume(F, true))
						State = S;
					State = State->bindLoc(loc::MemRegionVal(R), F, SF)->set<Grew>(R, F.getAsRegion());
					if (SymbolRef Sym = F.getAsSymbol())
						State = State->set<PartOf>(Sym, R);
				}
			}
			if (State)
				C.addTransition(State->BindExpr(E, SF, C.getSValBuilder().makeIntVal(0, X.IntTy)));
			C.addTransition(Failed->BindExpr(E, SF, C.getSValBuilder().makeIntVal(-12, X.IntTy)));
			return true;
		}
		// Lists and maps: what is in them is not known.
		if (N == "hf_list_link_" || N == "hf_list_link_before_" || N == "hf_list_unlink_" || N == "hf_list_take_all_" ||
		    N == "hf_map_unlink_" || N == "hf_map_insert_") {
			const MemRegion *Of = Call.getArgSVal(0).getAsRegion();
			const auto *X = dyn_cast_or_null<SymbolicRegion>(base(Call.getArgSVal(Call.getNumArgs() - 1)));
			if (N.starts_with("hf_list_link_") && X && !isWithin(C, "_try_push_") && isLinked(State, Call.getArgSVal(Call.getNumArgs() - 1))) {
				report(C, State, E, "list-twice", Twine("'") + nameOf(*State->get<Linked>(X->getSymbol())) + "' has this element "
				       "still: take it out, by its name_remove(), and insert the owner that this gives");
				return true;
			}
			// It has an owner of its own now.
			if (X && N.ends_with("_unlink_")) {
				State = outside(State->remove<PartOf>(X->getSymbol()), Call.getArgSVal(1));
				State = remove(C, State, X->getSymbol(), Of);
				if (const FieldDecl *By = Of && isLocked(Of) ? removedBy(C) : nullptr)
					State = State->set<TakenBy>(X->getSymbol(), By);
			}
			if (N == "hf_map_unlink_" || N == "hf_map_insert_")
				for (auto P : State->get<Searched>())
					State = State->remove<Searched>(P.first);
			// Which of the others this is, is not known.
			if (N.ends_with("_unlink_") || N == "hf_list_take_all_")
				State = forget(State, X, Of);
			if (Of && (N == "hf_map_unlink_" || N == "hf_map_insert_"))
				State = changed(C, State, Of);
			for (unsigned I = 0; I < (N == "hf_list_take_all_" ? 2u : 1u); I++)
				State = unknownEnds(Call, C, State, Call.getArgSVal(I).getAsRegion());
			if (N.starts_with("hf_list_link_"))
				if (auto Empty = emptiness(Call, C, State, Of).getAs<DefinedOrUnknownSVal>())
					State = State->assume(*Empty, false);
			C.addTransition(State);
			return true;
		}
		// Two questions without a change between have one answer.
		if (N == "hf_list_empty_") {
			SVal V = emptiness(Call, C, State, Call.getArgSVal(0).getAsRegion());

			if (V.isUnknown())
				return false;
			C.addTransition(State->BindExpr(E, SF, V));
			return true;
		}
		// That a comparison can come out equal, the analyzer does not see.
		if (N.ends_with("_search_") && byHeader(Call.getDecl(), C.getSourceManager())) {
			DefinedOrUnknownSVal F = fresh(Call, C, Call.getResultType());
			const MemRegion *Map = Call.getArgSVal(0).getAsRegion();
			SymbolRef Key = load(State, Call.getArgSVal(1)).getAsSymbol();
			const Search *Before = Map ? State->get<Searched>(Map) : nullptr;

			// What was found before is found again, or others have taken it out since.
			if (Before && (Before->Key != Key || !Call.getArgSVal(2).isZeroConstant() ||
				       (Before->Changed && !isNotNull(State, loc::MemRegionVal(region(C, Before->Found))))))
				Before = nullptr;
			if (Before)
				F = loc::MemRegionVal(region(C, Before->Found));
			else if (Map && Key && Call.getArgSVal(2).isZeroConstant())
				State = State->set<Searched>(Map, Search{ Key, F.getAsSymbol(), false });
			if (Before && Before->Changed)
				C.addTransition(State->BindExpr(E, SF, C.getSValBuilder().makeNullWithType(Call.getResultType())));
			for (bool Found : { false, true })
				if (ProgramStateRef S = State->assume(F, Found))
					C.addTransition(S->BindExpr(E, SF, F));
			return true;
		}
		// Nor where a new element goes: which of those that it is compared with comes out equal.
		if (N.ends_with("_place_") && !N.starts_with("hf_") && Call.getNumArgs() == 3 && byHeader(Call.getDecl(), C.getSourceManager())) {
			DefinedOrUnknownSVal F = fresh(Call, C, Call.getResultType());

			if (const auto *Parent = dyn_cast_or_null<TypedValueRegion>(Call.getArgSVal(2).getAsRegion()))
				State = State->bindLoc(loc::MemRegionVal(Parent), C.getSValBuilder().conjureSymbolVal(
					Call, Parent->getValueType(), C.blockCount(), Parent), SF);
			for (bool Free : { false, true })
				if (ProgramStateRef S = State->assume(F, Free))
					C.addTransition(S->BindExpr(E, SF, F));
			return true;
		}
		if (N == "hf_stamp_claim_") {
			C.addTransition(State->BindExpr(E, SF, fresh(Call, C, Call.getResultType())));
			return true;
		}
		if (N == "hf_list_next_" || N == "hf_list_prev_" || N == "hf_map_next_" || N == "hf_map_prev_") {
			const auto *TR = dyn_cast_or_null<TypedValueRegion>(Call.getArgSVal(0).getAsRegion());
			const MemRegion *List = TR ? load(State, member(State, TR, TR->getValueType(), "of_")).getAsRegion() : nullptr;
			DefinedOrUnknownSVal F = fresh(Call, C, Call.getResultType());
			const StackFrame *User;

			if (const Stmt *By = TR && isConst(State, TR, List) ? leftLoop(State, TR) : nullptr) {
				reportAt(C, State, By, "borrow-outlives-owner", Twine("the element is taken out of '") +
					 nameOf(cast<SubRegion>(List)->getSuperRegion()) + "', which is "
					 "const to the loop that is at this element and goes on from it: give hf_" + (N.contains("_map_") ? "map" : "list") +
					 "_cursor() a pointer that is not const");
				return true;
			}
			if (List && F.getAsSymbol()) {
				State = State->set<PartOf>(F.getAsSymbol(), List)->set<Linked>(F.getAsSymbol(), cast<SubRegion>(List)->getSuperRegion());
				if (userStmt(C, E, &User))
					State = State->set<SeenIn>(F.getAsSymbol(), Seen{ cast<SubRegion>(List)->getSuperRegion(), User, true });
				// There is a first element, unless the list is empty.
				SVal Empty = !N.contains("_map_") && !State->get<Loops>(TR) ? emptiness(Call, C, State, List) : UnknownVal();
				State = State->set<Loops>(TR, F.getAsSymbol())->BindExpr(E, SF, F);
				if (auto Known = Empty.getAs<DefinedSVal>()) {
					for (bool Is : { false, true })
						if (ProgramStateRef S = State->assume(*Known, Is))
							if ((S = S->assume(F, !Is)))
								C.addTransition(S);
					return true;
				}
			}
			C.addTransition(State->BindExpr(E, SF, F));
			return true;
		}
		if (N == "hf_stamp_is_") {
			QualType T = C.getASTContext().IntTy;

			C.addTransition(State->BindExpr(E, SF, C.getSValBuilder().makeIntVal(0, T)));
			C.addTransition(State->BindExpr(E, SF, C.getSValBuilder().makeIntVal(-2, T)));
			return true;
		}
		if (N == "hf_list_pinned_" || N == "hf_count_loan_" || N == "hf_unlent_") {
			C.addTransition(State);
			return true;
		}
		// Not into the C library, which might change anything.
		if (N == "hf_guard_unlock_") {
			if (const MemRegion *Data = dataOf(State, Call.getArgSVal(0).getAsRegion()))
				State = State->remove<Held>(Data);
			C.addTransition(State);
			return true;
		}
		if (N == "hf_guard_lock_") {
			SValBuilder &B = C.getSValBuilder();
			QualType Int = C.getASTContext().IntTy;
			const MemRegion *Data = dataOf(State, Call.getArgSVal(0).getAsRegion());
			const unsigned *Line = Data ? State->get<Held>(Data) : nullptr;
			const llvm::APSInt *How = Call.getArgSVal(1).getAsInteger();
			bool Tries = How && *How == enumerator(Call, 1, "HF_TRY"), Waits = How && *How == 0;

			if (Line && !Tries) {
				report(C, State, E, "double-lock", "this thread holds the lock already" +
				       (*Line ? ", since line " + Twine(*Line) : Twine("")) + ", and would wait for itself");
				return true;
			}
			if (Data && !Tries)
				for (auto P : State->get<Held>())
					if (isBefore(lockOf(Data), lockOf(P.first))) {
						report(C, State, E, "lock-order", "a 'struct " + lockOf(Data)->getName() +
						       "' must be locked before a 'struct " + lockOf(P.first)->getName() +
						       "', which is held since line " + Twine(P.second));
						return true;
					}
			if (!Line) {
				ProgramStateRef Got = Data ? State->set<Held>(Data, line(C, E)) : State;

				C.addTransition(Got->BindExpr(E, SF, B.makeIntVal(0, Int)));
			}
			if (!Waits)
				C.addTransition(State->BindExpr(E, SF, B.makeIntVal(-16, Int)));
			return true;
		}
		return false;
	}

	// Whether what name_next() gets is a loop that its list does not know.
	static bool isConst(ProgramStateRef State, const TypedValueRegion *Cursor, const MemRegion *List)
	{
		const MemRegion *Other = member(State, Cursor, Cursor->getValueType(), "other_").getAsRegion();

		return List && Other && !isNull(State, loc::MemRegionVal(List)) && load(State, member(State, Cursor, Cursor->getValueType(), "among_")).getAsRegion() == Other;
	}

	// Where the element was taken out that such a loop is at, or NULL.
	static const Stmt *leftLoop(ProgramStateRef State, const TypedValueRegion *Cursor)
	{
		const SymbolRef *At = State->get<Loops>(Cursor);
		const Removal *R = At ? State->get<Removed>(*At) : nullptr;

		return R ? R->Where : nullptr;
	}

	// An element leaves its list or map.
	static ProgramStateRef remove(CheckerContext &C, ProgramStateRef State, SymbolRef X, const MemRegion *From)
	{
		const StackFrame *SF;
		const Stmt *Where = userStmt(C, nullptr, &SF);
		const Seen *Was = State->get<SeenIn>(X);
		const StackFrame *const *Found = State->get<FoundBy>(X);

		if (!From || !Where)
			return State;
		return State->set<Removed>(X, Removal{ From, Where, Was ? Was->By : Found ? *Found : nullptr, isWithin(C, "_pop_") })
			->remove<SeenIn>(X);
	}

	// Whether a list has no elements: a symbol that stays the same until an end of the list is another.
	SVal emptiness(const CallEvent &Call, CheckerContext &C, ProgramStateRef &State, const MemRegion *List) const
	{
		const auto *TR = dyn_cast_or_null<TypedValueRegion>(List);
		const auto *Head = dyn_cast_or_null<TypedValueRegion>(TR ? member(State, TR, TR->getValueType(), "head_").getAsRegion() : nullptr);
		SVal Next = Head ? load(State, member(State, Head, Head->getValueType(), "next_")) : UnknownVal();
		const MemRegion *To = Next.getAsRegion();
		SymbolRef Sym = Next.getAsLocSymbol();

		if (To && To->StripCasts() == Head)
			return C.getSValBuilder().makeTruthVal(true, C.getASTContext().BoolTy);
		if (!Sym || !isa<SymbolicRegion>(To->StripCasts()))
			return UnknownVal();
		if (const SymbolRef *Known = State->get<EmptyBy>(Sym))
			return C.getSValBuilder().makeSymbolVal(*Known);
		SymbolRef Empty = C.getSValBuilder().conjureSymbolVal(Call, C.getASTContext().BoolTy, C.blockCount(), To).getAsSymbol();
		if (!Empty)
			return UnknownVal();
		State = State->set<EmptyBy>(Sym, Empty);
		return C.getSValBuilder().makeSymbolVal(Empty);
	}

	// Whether a function of the headers, which the user has called, is under way.
	static bool isWithin(CheckerContext &C, StringRef Name)
	{
		for (const StackFrame *SF = C.getStackFrame(); SF && byHeader(SF->getDecl(), C.getSourceManager()); SF = SF->getParent())
			if (const auto *FD = dyn_cast<FunctionDecl>(SF->getDecl()); FD && FD->getName().contains(Name))
				return true;
		return false;
	}

	// The member whose pointer name_remove() is given by the user.
	static const FieldDecl *removedBy(CheckerContext &C)
	{
		const StackFrame *SF;
		const auto *Call = dyn_cast_or_null<CallExpr>(userStmt(C, nullptr, &SF));
		const FieldDecl *By = nullptr;

		if (Call && Call->getDirectCallee() && Call->getDirectCallee()->getName().ends_with("_remove") && Call->getNumArgs() > 1)
			any(Call->getArg(1), [&](const Stmt *S) {
				const auto *M = dyn_cast<MemberExpr>(S);
				return M && (By = dyn_cast<FieldDecl>(M->getMemberDecl()));
			});
		return By && QualType(By->getType()->getBaseElementTypeUnsafe(), 0)->isPointerType() ? By : nullptr;
	}

	// Whether this is the link by which an element is in the list that lent it.
	static bool isLinked(ProgramStateRef State, SVal Link)
	{
		RegionOffset At = Link.getAsRegion() ? Link.getAsRegion()->getAsOffset() : RegionOffset();
		const auto *X = dyn_cast_or_null<SymbolicRegion>(At.isValid() ? At.getRegion() : nullptr);

		return X && !At.hasSymbolicOffset() && !At.getOffset() && State->contains<Linked>(X->getSymbol());
	}

	// Others may take elements out of lists and maps, and put others in.
	static ProgramStateRef othersMayChange(ProgramStateRef State)
	{
		for (auto P : State->get<Linked>())
			State = State->remove<Linked>(P.first);
		for (auto P : State->get<Searched>())
			State = State->set<Searched>(P.first, Search{ P.second.Key, P.second.Found, true });
		return State;
	}

	// Two lists or maps of one structure, or two variables.
	static bool areTwo(const MemRegion *A, const MemRegion *B)
	{
		const auto *F = dyn_cast<FieldRegion>(A), *G = dyn_cast<FieldRegion>(B);

		if (F && G)
			return F->getSuperRegion() == G->getSuperRegion() && F->getDecl() != G->getDecl();
		return A != B && isa<VarRegion>(A) && isa<VarRegion>(B);
	}

	static ProgramStateRef askKind(ProgramStateRef State, const MemRegion *R)
	{
		const auto *X = dyn_cast_or_null<SymbolicRegion>(R ? R->getBaseRegion() : nullptr);

		return X && State->contains<Linked>(X->getSymbol()) ? State->add<KindAsked>(X->getSymbol()) : State;
	}

	// Whether HF_IMPL_DEFINE() made more kinds of the interface that a function of one kind gets.
	static bool isOfSeveralKinds(CheckerContext &C, const FunctionDecl *Self)
	{
		unsigned Kinds = 0;
		auto Of = [](const FunctionDecl *FD) {
			return FD->getNumParams() ? FD->getParamDecl(0)->getType()->getPointeeType().getCanonicalType().getUnqualifiedType() : QualType();
		};

		for (const Decl *D : C.getASTContext().getTranslationUnitDecl()->decls())
			if (const auto *FD = dyn_cast<FunctionDecl>(D); FD && FD->hasBody() && FD->getName().ends_with("_self_mut_"))
				Kinds += Of(FD) == Of(Self);
		return Kinds > 1;
	}

	// Whether all that this file puts into a member, a list, is of one kind.
	static bool hasOneKind(CheckerContext &C, const MemRegion *List, StringRef Self)
	{
		const auto *FR = dyn_cast<FieldRegion>(List);
		bool Seen = false, Others = false;

		while (FR && (FR->getDecl()->getName() == "list" || FR->getDecl()->getName() == "map"))
			FR = dyn_cast<FieldRegion>(FR->getSuperRegion());
		if (!FR)
			return false;
		for (const Decl *D : C.getASTContext().getTranslationUnitDecl()->decls()) {
			const auto *FD = dyn_cast<FunctionDecl>(D);

			if (!FD || !FD->hasBody() || byHeader(FD, C.getSourceManager()))
				continue;
			forEach(FD->getBody(), [&](const Stmt *S) {
				const auto *CE = dyn_cast<CallExpr>(S);
				const FunctionDecl *Callee = CE ? CE->getDirectCallee() : nullptr;
				bool Into = false, Same = false;

				if (!Callee || CE->getNumArgs() < 2 || !(Callee->getName().contains("_push_") || Callee->getName().contains("_insert") ||
									 Callee->getName().ends_with("_take_all")))
					return;
				forEach(CE->getArg(0), [&](const Stmt *X) {
					const auto *ME = dyn_cast<MemberExpr>(X);
					Into |= ME && ME->getMemberDecl() == FR->getDecl();
				});
				for (const Expr *A : CE->arguments())
					forEach(A, [&](const Stmt *X) {
						const auto *Up = dyn_cast<CallExpr>(X);
						const FunctionDecl *By = Up ? Up->getDirectCallee() : nullptr;
						StringRef Kind = By ? By->getName() : "";

						Same |= Kind.consume_back("_upcast_") && Self.starts_with((Kind + "_self_").str());
					});
				Seen |= Into;
				Others |= Into && !Same;
			});
		}
		return Seen && !Others;
	}

	// One element leaves a list or map, or all: those that were found there may have.
	static ProgramStateRef forget(ProgramStateRef State, const SymbolicRegion *X, const MemRegion *Of)
	{
		for (auto P : State->get<Linked>())
			if ((X && P.first == X->getSymbol()) ||
			    (!State->contains<FoundBy>(P.first) && Of && (P.second == Of || cast<SubRegion>(Of)->isSubRegionOf(P.second))))
				State = State->remove<Linked>(P.first);
		return State;
	}

	// The data of the lock that a struct hf_guard_ is for.
	static const MemRegion *dataOf(ProgramStateRef State, const MemRegion *Guard)
	{
		const auto *TR = dyn_cast_or_null<TypedValueRegion>(Guard);
		const MemRegion *Prim = TR ? load(State, member(State, TR, TR->getValueType(), "prim")).getAsRegion() : nullptr;
		const auto *F = dyn_cast_or_null<FieldRegion>(Prim ? Prim->StripCasts() : nullptr);

		for (; F && F->getDecl()->getName() != "prim_"; F = dyn_cast<FieldRegion>(F->getSuperRegion()))
			;
		if (!F)
			return nullptr;
		QualType Locked = F->getDecl()->getASTContext().getCanonicalTagType(F->getDecl()->getParent());
		return member(State, F->getSuperRegion(), Locked, "data_").getAsRegion();
	}

	// The locked type of some data.
	static const RecordDecl *lockOf(const MemRegion *Data)
	{
		return cast<FieldRegion>(Data)->getDecl()->getParent();
	}

	// Whether the declared order (HF_LOCKED_AFTER_DEFINE()) says that @A is locked before @B.
	static bool isBefore(const RecordDecl *A, const RecordDecl *B, int Depth = 0)
	{
		for (const FieldDecl *F : B->fields())
			for (const auto *After : F->specific_attrs<AcquiredAfterAttr>())
				for (const Expr *E : After->args())
					if (const auto *M = dyn_cast<MemberExpr>(E->IgnoreParenCasts()))
						if (const auto *Outer = dyn_cast<FieldDecl>(M->getMemberDecl()))
							if (Outer->getParent() == A ||
							    (Depth < 8 && isBefore(A, Outer->getParent(), Depth + 1)))
								return true;
		return false;
	}

	static int64_t enumerator(const CallEvent &Call, unsigned Arg, StringRef Name)
	{
		const auto *FD = dyn_cast_or_null<FunctionDecl>(Call.getDecl());
		const auto *T = FD && Arg < FD->getNumParams() ? FD->getParamDecl(Arg)->getType()->getAs<EnumType>() : nullptr;

		if (T)
			for (const EnumConstantDecl *X : T->getDecl()->getDefinitionOrSelf()->enumerators())
				if (X->getName() == Name)
					return X->getInitVal().getExtValue();
		return -1;
	}

	ProgramStateRef unknownEnds(const CallEvent &Call, CheckerContext &C, ProgramStateRef State, const MemRegion *L) const
	{
		const auto *TR = dyn_cast_or_null<TypedValueRegion>(L);

		if (!TR)
			return State;
		SVal Head = member(State, L, TR->getValueType(), "head_");
		const auto *HR = dyn_cast_or_null<TypedValueRegion>(Head.getAsRegion());
		if (!HR)
			return State;
		for (StringRef Way : { "next_", "prev_" }) {
			SVal Place = member(State, HR, HR->getValueType(), Way);

			if (const auto *PR = dyn_cast_or_null<TypedValueRegion>(Place.getAsRegion())) {
				DefinedOrUnknownSVal F = C.getSValBuilder().conjureSymbolVal(
					Call, PR->getValueType(), C.blockCount(), PR);

				if (ProgramStateRef S = State->assume(F, true))
					State = S;
				State = State->bindLoc(loc::MemRegionVal(PR), F, C.getStackFrame());
			}
		}
		return State;
	}

	// True if that is a finding.
	bool checkSleep(const CallEvent &Call, CheckerContext &C) const
	{
		if (!C.getState()->get<Spinning>())
			return false;
		StringRef N = nameOf(Call);
		report(C, C.getState(), Call.getOriginExpr(), "sleep-under-spinlock",
		       N.ends_with("_may_sleep_") ? Twine("this may sleep, and a spinning lock is held or this is a handler")
						  : "'" + Twine(N) + "' may sleep, and a spinning lock is held or this is a handler");
		return true;
	}

	void checkPreCall(const CallEvent &Call, CheckerContext &C) const
	{
		StringRef N = nameOf(Call);
		ProgramStateRef State = C.getState();
		const Expr *E = Call.getOriginExpr();

		if (!E)
			return;
		if (!isBorrow(N) && N != "hf_is_empty_" && !N.starts_with("hf_clone_"))
			for (unsigned I = 0; I < Call.getNumArgs(); I++)
				State = takeUnbound(State, Call.getArgSVal(I));
		if (sleeps(Call.getDecl()) && !byHeader(C.getStackFrame()->getDecl(), C.getSourceManager()) && checkSleep(Call, C))
			return;
		if (N == "hf_move_" || N == "hf_take_") {
			const MemRegion *Own = Call.getArgSVal(0).getAsRegion();

			if (Own && N == "hf_move_" && isNull(State, load(State, ptrPlace(State, Own)))) {
				report(C, State, E, "use-after-move", Twine("'") + nameOf(Own) + "' owns nothing here: it was moved, or never bound");
				return;
			}
			// It lives on where it was given.
			if (Own && N == "hf_move_" && leakAround(C, E)) {
				State = State->remove<Lent>(Own);
				if (const VarRegion *V = variable(Own))
					State = State->remove<Owns>(V);
				C.addTransition(State);
				return;
			}
			if (Own) {
				State = outside(siblingsEnd(C, State, Own, Moved, E), load(State, ptrPlace(State, Own)));
				if (isReturned(C, E))
					State = goesOn(C, State, Own);
				State = forgetBeside(C, State, Own, listGiven(C, E));
				State = endLoan(C, State, Own, Moved, line(C, E), toPlace(C, E));
				if (const VarRegion *V = State ? variable(Own) : nullptr)
					State = State->remove<Owns>(V);
				if (State && State != C.getState())
					C.addTransition(State);
			}
			return;
		}
		// Of a variable that no turn of a loop has set the callbacks' family speaks: there is a first turn, mostly.
		if (N == "hf_errno_check_" && isNull(State, Call.getArgSVal(0)) &&
		    !(Call.getArgSVal(0).isConstant() && any(C.getStackFrame()->getDecl()->getBody(), [](const Stmt *S) {
			     return isa<ForStmt, WhileStmt>(S); }))) {
			const auto *D = dyn_cast<DeclRefExpr>(Call.getArgExpr(0)->IgnoreParenImpCasts());

			report(C, State, E, "result-misused", (D ? "'" + D->getDecl()->getName() + "'" : Twine("this")) + " is 0 on this path, and no "
			       "error: hf_err() stops at that, so set it before");
			return;
		}
		if ((N == "hf_vec_grow_" || N == "hf_alloc_or_err_") && State->get<Spinning>()) {
			const llvm::APSInt *Flags = Call.getArgSVal(Call.getNumArgs() - 1).getAsInteger();

			if (Flags && mayWait(C.getASTContext(), *Flags)) {
				report(C, State, E, "sleep-under-spinlock", "this allocation may sleep, and a spinning lock is held or this is "
				       "a handler: use GFP_ATOMIC, or allocate before");
				return;
			}
		}
		if ((N == "memcpy" || N == "memmove" || N == "__builtin_memcpy" || N == "__builtin_memmove") &&
		    !byHeader(C.getStackFrame()->getDecl(), C.getSourceManager()) && !byHeader(E->getBeginLoc(), C.getSourceManager()))
			for (unsigned I = 0; I < 2; I++) {
				QualType T = Call.getArgExpr(I)->IgnoreParenCasts()->getType();

				if (T->isPointerType() || T->isArrayType())
					T = T->isArrayType() ? QualType(T->getArrayElementTypeNoTypeQual(), 0) : T->getPointeeType();
				if (contains(T, "moves_only_")) {
					report(C, State, E, "owner-copied", Twine("'") + N + "' on what owns something: then two own the same");
					return;
				}
			}
		if (N == "hf_revocable_take_") {
			const MemRegion *Of = Call.getArgSVal(0).getAsRegion();

			for (auto P : State->get<Accesses>())
				if (P.second == Of) {
					report(C, State, E, "revoked-inside-guard", "this waits for the guards of what it revokes, of which this "
					       "thread holds one: '" + nameOf(P.first) + "'");
					return;
				}
		}
		// Of what is shared nobody has the only reference.
		if (N == "hf_clone_" || N == "hf_clone_place_" || N == "hf_replace_") {
			const MemRegion *Own = Call.getArgSVal(0).getAsRegion();
			const SymbolRef *Unique = Own && N != "hf_replace_" ? State->get<Alone>(Own) : nullptr;

			State = outside(siblingsEnd(C, State, Own, Moved, E, N != "hf_replace_"), load(State, ptrPlace(State, Own)));
			if (Unique)
				State = end(C, State->remove<Alone>(Own), region(C, *Unique), Shared, Own, line(C, E), true);
		}
		if ((N.ends_with("_remove") || N.ends_with("_insert_before") || N.ends_with("_insert_after")) && Call.getNumArgs() > 1 &&
		    byHeader(Call.getDecl(), C.getSourceManager())) {
			const MemRegion *In = listOf(State, base(Call.getArgSVal(1))), *Of = Call.getArgSVal(0).getAsRegion();

			if (In && Of && areTwo(In, Of)) {
				report(C, State, E, "list-foreign-removal", Twine("'") + nameOf(In) + "' has this element, and '" + nameOf(Of) +
				       "' has not: give the function the list that the element is in");
				return;
			}
		}
		if ((N.ends_with("_self_") || N.ends_with("_self_mut_")) && byHeader(Call.getDecl(), C.getSourceManager())) {
			const auto *X = dyn_cast_or_null<SymbolicRegion>(base(Call.getArgSVal(0)));

			if (X && State->contains<Linked>(X->getSymbol()) && !State->contains<KindAsked>(X->getSymbol()) &&
			    isOfSeveralKinds(C, cast<FunctionDecl>(Call.getDecl())) && !hasOneKind(C, *State->get<Linked>(X->getSymbol()), N)) {
				report(C, State, E, "wrong-kind", Twine("'") + nameOf(*State->get<Linked>(X->getSymbol())) + "' has elements of "
				       "other kinds too: ask hf_is_a() before");
				return;
			}
		}
		if (N.ends_with("_is_") && byHeader(Call.getDecl(), C.getSourceManager()))
			State = askKind(State, Call.getArgSVal(0).getAsRegion());
		if (N.ends_with("_set_key") && byHeader(Call.getDecl(), C.getSourceManager()))
			if (const auto *X = dyn_cast_or_null<SymbolicRegion>(base(Call.getArgSVal(0))))
				if (const MemRegion *const *Map = State->get<Linked>(X->getSymbol()))
					if (const auto *TR = dyn_cast<TypedValueRegion>(*Map); TR && N.drop_back(8) == recordName(TR->getValueType())) {
						report(C, State, E, "map-key-changed", Twine("'") + nameOf(TR) + "' has this element, and is in the "
						       "order of its keys: take it out, set the key, and insert it again");
						return;
					}
		// A reference keeps the object alive, whatever it was borrowed from.
		if (N.ends_with("_arc_from_") && byHeader(Call.getDecl(), C.getSourceManager())) {
			if (const auto *X = dyn_cast_or_null<SymbolicRegion>(base(Call.getArgSVal(0)))) {
				if (const End *Over = ended(State, X))
					use(C, State, Call.getArgExpr(0), *Over);
				else
					C.addTransition(outside(State->remove<PartOf>(X->getSymbol()), Call.getArgSVal(0)));
			}
			return;
		}
		if (N.ends_with("_clear") && byHeader(Call.getDecl(), C.getSourceManager())) {
			if (const MemRegion *L = Call.getArgSVal(0).getAsRegion()) {
				State = siblingsEnd(C, State, L, Dropped, E)->remove<Searched>(L);
				for (auto P : State->get<PartOf>())
					if (isa<SubRegion>(P.second) && State && (P.second == L || cast<SubRegion>(P.second)->isSubRegionOf(L)))
						State = end(C, State, region(C, P.first), Dropped, L, line(C, E));
				// Those are the links that it begins with; which others it comes to is not known.
				if (const auto *TR = dyn_cast<TypedValueRegion>(L); TR && State)
					State = unknownEnds(Call, C, State, member(State, TR, TR->getValueType(), "list").getAsRegion());
				if (State && State != C.getState())
					C.addTransition(State);
			}
			return;
		}
		// A vector loses elements, or all.
		if ((N.ends_with("_vec_truncate") || N.ends_with("_vec_drop")) && byHeader(Call.getDecl(), C.getSourceManager())) {
			const auto *V = dyn_cast_or_null<TypedValueRegion>(Call.getArgSVal(0).getAsRegion());

			State = siblingsEnd(C, State, V, Dropped, E);
			const auto *Place = dyn_cast_or_null<TypedValueRegion>(
				V ? member(State, V, V->getValueType(), "ptr_").getAsRegion() : nullptr);
			const auto *Memory = dyn_cast_or_null<SymbolicRegion>(Place ? base(load(State, loc::MemRegionVal(Place))) : nullptr);

			if (Memory) {
				State = end(C, State, Memory, Dropped, V, line(C, E));
				if (State)
					State = State->bindLoc(loc::MemRegionVal(Place), C.getSValBuilder().conjureSymbolVal(
						Call, Place->getValueType(), C.blockCount(), Place), C.getStackFrame());
			}
			if (State && State != C.getState())
				C.addTransition(State);
			return;
		}
		if (N.starts_with("hf_list_begin_") || N.starts_with("hf_map_begin_"))
			if (const MemRegion *Loop = Call.getArgSVal(0).getAsRegion())
				State = State->remove<Loops>(Loop);
		if (!byHeader(Call.getDecl(), C.getSourceManager()))
			for (unsigned I = 0; I < Call.getNumArgs(); I++)
				if (const auto *X = dyn_cast_or_null<SymbolicRegion>(base(Call.getArgSVal(I))))
					if (State->contains<ElementAt>(X->getSymbol()))
						State = State->set<GivenTo>(X->getSymbol(), E);
		if (N == "hf_vec_set_")
			State = putIntoVector(Call, C, State);
		if (N == "hf_vec_close_")
			State = forgetKept(State, base(Call.getArgSVal(0)));
		if (N.starts_with("hf_violation") && State->get<Certain>()) {
			checkViolation(Call, C);
			return;
		}
		if (N == "hf_guarded_" || N == "hf_unguarded_")
			return;
		// It may take any element out.
		if (const auto *FD = dyn_cast_or_null<FunctionDecl>(Call.getDecl());
		    FD && !FD->hasBody() && !FD->getBuiltinID() && !byHeader(FD, C.getSourceManager()))
			State = othersMayChange(State);
		for (unsigned I = 0; I < Call.getNumArgs(); I++) {
			const MemRegion *R = Call.getArgSVal(I).getAsRegion();

			if (const auto *V = dyn_cast_or_null<VarRegion>(R ? R->getBaseRegion() : nullptr))
				if (isa<ParmVarDecl>(V->getDecl()))
					State = State->add<Taken>(V);
			if (const End *X = endedBy(C, State, Call.getArgSVal(I))) {
				use(C, State, Call.getArgExpr(I), *X);
				return;
			}
		}
		if (State != C.getState())
			C.addTransition(State);
	}

	// Whether a move goes to a place of this function's choice, which may outlive what keeps the borrow.
	static bool toPlace(CheckerContext &C, const Expr *E)
	{
		const StackFrame *SF;
		const Stmt *S = userStmt(C, E, &SF);

		for (; S; S = SF->getParentMap().getParent(S))
			if (const auto *Call = dyn_cast<CallExpr>(S))
				if (const FunctionDecl *D = Call->getDirectCallee())
					if (D->getName() == "hf_set_" || D->getName() == "hf_replace_")
						return true;
		return false;
	}

	// The list or map that a move goes into.
	static const MemRegion *listGiven(CheckerContext &C, const Expr *E)
	{
		const StackFrame *SF;
		const Stmt *S = userStmt(C, E, &SF);

		for (; S; S = SF->getParentMap().getParent(S))
			if (const auto *Call = dyn_cast<CallExpr>(S))
				if (const FunctionDecl *D = Call->getDirectCallee(); D && Call->getNumArgs() > 1 && byHeader(D, C.getSourceManager()) &&
				    (D->getName().contains("_push_") || D->getName().contains("_insert")))
					return C.getState()->getSVal(Call->getArg(0), SF).getAsRegion();
		return nullptr;
	}

	// An object keeps pointers to what its own list owns, such as a table of them.
	static ProgramStateRef forgetBeside(CheckerContext &C, ProgramStateRef State, const MemRegion *Own, const MemRegion *List)
	{
		const Loan *L = State->get<Lent>(Own);

		for (auto P : State->get<Kept>())
			if (L && List && P.second.To->getBaseRegion() == region(C, L->Sym) && P.first->getBaseRegion() == List->getBaseRegion())
				State = State->remove<Kept>(P.first);
		return State;
	}

	// Whether a move is what the function returns, and no function of the user's gets it.
	static bool isReturned(CheckerContext &C, const Expr *E)
	{
		const StackFrame *SF;
		const Stmt *S = userStmt(C, E, &SF);

		for (; S && !isa<ReturnStmt>(S); S = SF->getParentMap().getParent(S))
			if (const auto *Call = dyn_cast<CallExpr>(S))
				if (!Call->getDirectCallee() || !byHeader(Call->getDirectCallee(), C.getSourceManager()))
					return false;
		return S;
	}

	static StringRef recordName(QualType T)
	{
		const auto *RT = T->getAs<RecordType>();

		return RT ? RT->getDecl()->getName() : StringRef();
	}

	// What a value points to, or the members of a structure do.
	using Pointers = SmallVector<const MemRegion *, 2>;

	static Pointers pointers(CheckerContext &C, ProgramStateRef State, SVal V)
	{
		Pointers Found;

		if (const MemRegion *R = V.getAsRegion())
			Found.push_back(R);
		if (auto L = V.getAs<nonloc::LazyCompoundVal>())
			pointersIn(C, State, *L, L->getRegion(), Found);
		return Found;
	}

	static void pointersIn(CheckerContext &C, ProgramStateRef State, nonloc::LazyCompoundVal L, const TypedValueRegion *At, Pointers &Found)
	{
		const auto *RT = At ? At->getValueType()->getAs<RecordType>() : nullptr;

		if (!RT || RT->getDecl()->getName() == "hf_owner")
			return;
		for (const FieldDecl *F : RT->getDecl()->getDefinitionOrSelf()->fields()) {
			SVal Place = State->getLValue(F, loc::MemRegionVal(At));

			if (!F->getType()->isPointerType())
				pointersIn(C, State, L, dyn_cast_or_null<TypedValueRegion>(Place.getAsRegion()), Found);
			else if (const MemRegion *R = C.getStoreManager().getBinding(L.getStore(), Place.castAs<Loc>(), F->getType()).getAsRegion())
				Found.push_back(R);
		}
	}

	// How what a value points to ended, or what a member of a structure does.
	static const End *endedBy(CheckerContext &C, ProgramStateRef State, SVal V)
	{
		for (const MemRegion *To : pointers(C, State, V))
			if (const End *E = ended(State, To); E && E->Reason != Shared)
				return E;
		return nullptr;
	}

	void checkPostCall(const CallEvent &Call, CheckerContext &C) const
	{
		StringRef N = nameOf(Call);
		ProgramStateRef State = C.getState();

		if (N == "hf_set_" || N == "hf_replace_" || N == "hf_asserted_") {
			const MemRegion *Own = Call.getArgSVal(0).getAsRegion();

			if (const VarRegion *V = variable(Own))
				C.addTransition(owns(State->remove<Lent>(Own), V));
			return;
		}
		// The link of an element leads to the element, also where the analyzer does not go into the function.
		if (N.ends_with("_of_") && !C.wasInlined && Call.getNumArgs() == 1 && byHeader(Call.getDecl(), C.getSourceManager())) {
			const auto *Link = dyn_cast_or_null<SymbolicRegion>(base(Call.getArgSVal(0)));
			const auto *Element = dyn_cast_or_null<SymbolicRegion>(base(Call.getReturnValue()));

			if (!Link || !Element || Link == Element)
				return;
			if (const MemRegion *const *Of = State->get<PartOf>(Link->getSymbol()))
				State = State->set<PartOf>(Element->getSymbol(), *Of);
			if (const MemRegion *const *In = State->get<Linked>(Link->getSymbol()))
				State = State->set<Linked>(Element->getSymbol(), *In);
			if (const Seen *S = State->get<SeenIn>(Link->getSymbol()))
				State = State->set<SeenIn>(Element->getSymbol(), *S);
			for (auto P : State->get<Loops>())
				if (P.second == Link->getSymbol())
					State = State->set<Loops>(P.first, Element->getSymbol());
			C.addTransition(State->assume(Call.getReturnValue().castAs<DefinedOrUnknownSVal>(), true));
			return;
		}
		// What a function gives belongs to the argument that is marked HF_BOUND.
		if (const auto *FD = dyn_cast_or_null<FunctionDecl>(Call.getDecl()))
			for (unsigned I = 0; I < FD->getNumParams() && I < Call.getNumArgs(); I++) {
				const MemRegion *Of = Call.getArgSVal(I).getAsRegion();

				if (!FD->getParamDecl(I)->hasAttr<LifetimeBoundAttr>() || !Of)
					continue;
				for (const MemRegion *To : pointers(C, State, Call.getReturnValue())) {
					const auto *X = dyn_cast<SymbolicRegion>(To->getBaseRegion());

					if (!X || X == Of->getBaseRegion())
						continue;
					if (!State->contains<PartOf>(X->getSymbol()) &&
					    !(isa<VarRegion>(Of->getBaseRegion()) && cast<VarRegion>(Of->getBaseRegion())->getDecl()->hasLocalStorage()))
						State = State->set<PartOf>(X->getSymbol(), Of);
					QualType T = FD->getParamDecl(I)->getType()->getPointeeType();
					if (!byHeader(C.getStackFrame()->getDecl(), C.getSourceManager()) && byHeader(FD, C.getSourceManager()) &&
					    (contains(T, "head_") || contains(T, "tree_"))) {
						State = State->set<Linked>(X->getSymbol(), Of);
						if (FD->getNumParams() > 1)
							State = State->set<FoundBy>(X->getSymbol(), C.getStackFrame());
						else
							State = State->set<SeenIn>(X->getSymbol(), Seen{ Of, C.getStackFrame(), false });
					}
				}
			}
		if (!byHeader(C.getStackFrame()->getDecl(), C.getSourceManager()))
			for (const MemRegion *To : pointers(C, State, Call.getReturnValue()))
				if (const auto *X = dyn_cast<SymbolicRegion>(To->getBaseRegion()))
					if (State->contains<SeenIn>(X->getSymbol()) || State->contains<FoundBy>(X->getSymbol()))
						State = State->set<ElementAt>(X->getSymbol(), To);
		if (State != C.getState()) {
			C.addTransition(State);
			return;
		}
		if (N == "hf_guard_give_up_" || N == "hf_wait_") {
			const MemRegion *G = Call.getArgSVal(N == "hf_wait_").getAsRegion();
			const MemRegion *const *D = G ? State->get<GuardData>(G) : nullptr;

			if (!D)
				return;
			State = giveUp(Call, C, State, *D, G);
			if (N == "hf_guard_give_up_")
				State = end(C, State->remove<Held>(*D), *D, Unlocked, G, line(C, Call.getOriginExpr()));
			if (State)
				C.addTransition(State);
		}
	}

	// Others have the lock for a while: what the data had, owned and linked may be gone, and the data be other data.
	ProgramStateRef giveUp(const CallEvent &Call, CheckerContext &C, ProgramStateRef State, const MemRegion *Data,
			       const MemRegion *Guard) const
	{
		End E{ Unlocked, line(C, Call.getOriginExpr()), Guard };

		State = othersMayChange(State);
		for (auto P : State->get<PartOf>())
			if (const auto *R = dyn_cast<SubRegion>(P.second); R && (R == Data || R->isSubRegionOf(Data)))
				State = State->set<Ended>(region(C, P.first), E);
		return changed(C, State, Data)->set<GivenUp>(Data, E);
	}

	// What is bound to a place and to the members of a structure there is not known any more.
	static ProgramStateRef unbind(ProgramStateRef State, SVal Place, QualType T)
	{
		const auto *RT = T->getAs<RecordType>();

		if (!isa<Loc>(Place))
			return State;
		if (!RT)
			return State->killBinding(Place.castAs<Loc>());
		for (const FieldDecl *F : RT->getDecl()->getDefinitionOrSelf()->fields())
			State = unbind(State, State->getLValue(F, Place), F->getType());
		return State;
	}

	// A part of an object has other values.
	static ProgramStateRef changed(CheckerContext &C, ProgramStateRef State, const MemRegion *Part)
	{
		RegionAndSymbolInvalidationTraits Alone;

		// The analyzer forgets what is bound to the whole of an object only.
		if (const auto *TR = dyn_cast<TypedValueRegion>(Part))
			State = unbind(State, loc::MemRegionVal(TR), TR->getValueType());
		Alone.setTrait(Part, RegionAndSymbolInvalidationTraits::TK_DoNotInvalidateSuperRegion);
		return State->invalidateRegions({ Part }, C.getCFGElementRef(), C.blockCount(), C.getStackFrame(), false, nullptr,
						nullptr, &Alone);
	}

	// A run-time check that cannot hold on this path.  The rules are in the order of enum hf_violation_kind.
	void checkViolation(const CallEvent &Call, CheckerContext &C) const
	{
		static const char *const Rules[] = { "index-out-of-range", "use-after-move", "loan-conflict", "list-twice", "pinned-copied",
			"refcount", "token-twice", "double-lock", "failed-unwrap", "owner-overwritten", "wrong-kind" };
		const auto *Site = dyn_cast_or_null<VarRegion>(base(Call.getArgSVal(0)));
		const auto *Init = Site ? dyn_cast_or_null<InitListExpr>(Site->getDecl()->getInit()) : nullptr;
		std::string What = "a run-time check fails on this path";
		unsigned Kind = 0;

		if (Init) {
			for (const Stmt *S : Init->children())
				if (const auto *X = dyn_cast_or_null<Expr>(S)) {
					if (const auto *L = dyn_cast<StringLiteral>(X->IgnoreParenCasts())) {
						What = L->getString().str();
						break;
					}
				}
			Expr::EvalResult R;
			if (Init->getNumInits() && Init->getInit(0)->EvaluateAsInt(R, C.getASTContext()))
				Kind = R.Val.getInt().getZExtValue();
		}
		/*
		 * Whoever says hf_expect() knows more than the analyzer; and which of two members owns is often known by
		 * the state of an object only.
		 */
		// How many elements there were is not known to the end, and what a list on the stack has is a rule of its own.
		if (isWithin(C, "_fini"))
			return;
		if (Kind >= sizeof(Rules) / sizeof(*Rules) || StringRef(Rules[Kind]) == "failed-unwrap" ||
		    StringRef(Rules[Kind]) == "owner-overwritten")
			return;
		report(C, C.getState(), Call.getOriginExpr(), Rules[Kind], Twine("on this path ") + What);
	}

	// --- uses ---

	static bool hasNoValue(ProgramStateRef State, const MemRegion *R, Loc L)
	{
		const auto *TR = dyn_cast<TypedValueRegion>(R);
		const auto *RT = TR ? TR->getValueType()->getAs<RecordType>() : nullptr;

		// Other structures may be filled in parts.
		if (!RT || !RT->getDecl()->getName().starts_with("hf_untrusted_"))
			return !RT && State->getSVal(L).isUndef();
		for (const FieldDecl *F : RT->getDecl()->getDefinitionOrSelf()->fields())
			return !F->getType()->isRecordType() && !F->getType()->isArrayType() &&
			       State->getSVal(State->getLValue(F, L).castAs<Loc>()).isUndef();
		return false;
	}

	// Whether the value goes nowhere: (void)(place).
	static bool isDiscarded(CheckerContext &C, const Stmt *S)
	{
		const ParentMap &PM = C.getStackFrame()->getParentMap();

		for (; S; S = PM.getParent(S)) {
			if (const auto *Cast = dyn_cast<CStyleCastExpr>(S))
				return Cast->getCastKind() == CK_ToVoid;
			if (!isa<DeclRefExpr, ImplicitCastExpr, ParenExpr, MemberExpr>(S))
				return false;
		}
		return false;
	}

	void checkLocation(SVal L, bool IsLoad, const Stmt *S, CheckerContext &C) const
	{
		const MemRegion *R = L.getAsRegion();
		ProgramStateRef State = C.getState();

		if (!R)
			return;
		if (const End *E = ended(State, R); E && !(IsLoad && E->Reason == Shared)) {
			use(C, State, S, *E);
			return;
		}
		if (const End *E = IsLoad ? stale(State, R) : nullptr) {
			report(C, State, S, "borrow-outlives-owner", Twine("'") + nameOf(R) + "' was borrowed earlier, from " + why(*E) +
			       ": set it anew, or to NULL");
			return;
		}
		if (const auto *V = dyn_cast<VarRegion>(R->getBaseRegion()); V && IsLoad && L.getAs<Loc>())
			if (!V->getDecl()->hasInit() && V->getDecl()->isLocalVarDecl() && !V->getDecl()->isStaticLocal() &&
			    hasNoValue(State, R, L.castAs<Loc>()) && !V->getDecl()->getName().starts_with("hf_") && !isDiscarded(C, S)) {
				report(C, State, S, "result-misused", Twine("'") + V->getDecl()->getName() +
				       "' has no value on this path: what would have stored it failed, or did not run");
				return;
			}
		if (IsLoad && !byHeader(C.getStackFrame()->getDecl(), C.getSourceManager()))
			if (ProgramStateRef Asked = askKind(State, R); Asked != State) {
				C.addTransition(Asked);
				return;
			}
		if (const auto *V = dyn_cast<VarRegion>(R->getBaseRegion()))
			if (IsLoad && isa<ParmVarDecl>(V->getDecl()) && !State->contains<Taken>(V))
				C.addTransition(State->add<Taken>(V));
	}

	// Whether a place points to an object that is counted, so that who keeps a pointer can keep a reference.
	static bool isCounted(const MemRegion *Place)
	{
		const auto *TR = dyn_cast<TypedValueRegion>(Place);
		QualType T = TR ? TR->getValueType()->getPointeeType() : QualType();
		const auto *RT = T.isNull() ? nullptr : T->getAs<RecordType>();

		if (RT && RT->getDecl()->getDefinition())
			for (const FieldDecl *F : RT->getDecl()->getDefinition()->fields())
				if (const auto *M = F->getType()->getAs<RecordType>(); M && M->getDecl()->getName() == "hf_refs")
					return true;
		return false;
	}

	// A borrow is put into another object, which does not end with the call, or with what the borrow is of.
	bool keepsTooLong(CheckerContext &C, ProgramStateRef State, const MemRegion *R, const MemRegion *To, const Stmt *S) const
	{
		const auto *X = dyn_cast<SymbolicRegion>(To->StripCasts()->getBaseRegion());
		const MemRegion *const *Of = X ? State->get<PartOf>(X->getSymbol()) : nullptr;

		if (const VarDecl *const *Parameter = X ? State->get<ForCall>(X) : nullptr) {
			report(C, State, S, "borrow-escapes", Twine("'") + nameOf(R) + "' keeps '" + (*Parameter)->getName() +
			       "', which is borrowed for this call only: keep a reference, or the number that is wanted");
			return true;
		}
		if (Of && isWhole(loc::MemRegionVal(To)) && isCounted(R) && (*Of)->getBaseRegion() != R->getBaseRegion()) {
			report(C, State, S, "borrow-escapes", Twine("'") + nameOf(R) + "' keeps a borrow of what '" + nameOf(*Of) +
			       "' refers to, which may let go of it earlier: keep a reference, by hf_arc_from() or hf_clone()");
			return true;
		}
		return false;
	}

	/*
	 * A pointer is kept in a global, in an object that the function did not make, or where a deferred call looks.
	 */
	void checkBind(SVal L, SVal V, const Stmt *S, bool, CheckerContext &C) const
	{
		ProgramStateRef State = C.getState();
		const MemRegion *R = L.getAsRegion(), *To = V.getAsRegion(), *Base = R ? R->getBaseRegion() : nullptr;

		if (!R || byHeader(C.getStackFrame()->getDecl(), C.getSourceManager()))
			return;
		// hf_dismiss()
		if (const auto *F = dyn_cast<FieldRegion>(R); F && F->getDecl()->getName() == "fn_")
			for (auto P : State->get<Deferred>())
				if (P.second == Base)
					State = State->remove<Deferred>(P.first);
		bool Outlives = isa<SymbolicRegion>(Base) || (isa<VarRegion>(Base) && !cast<VarRegion>(Base)->getDecl()->hasLocalStorage());

		if (To && Outlives && To->getBaseRegion() != Base && keepsTooLong(C, State, R, To, S))
			return;
		State = takeUnbound(State->remove<Kept>(R), V);
		// Which element it is may not be known, nor which a vector gives up.
		if (const FieldDecl *F = V.isZeroConstant() ? memberOf(R) : nullptr)
			for (auto P : State->get<Kept>())
				if (P.first->getBaseRegion() == Base && memberOf(P.first) == F)
					State = State->remove<Kept>(P.first);
		if (const auto *F = dyn_cast<FieldRegion>(R); F && F->getDecl()->getName() == "len_" && isDecrement(S))
			if (const auto *Vector = dyn_cast<TypedValueRegion>(F->getSuperRegion()))
				State = forgetKept(State, base(load(State, member(State, Vector, Vector->getValueType(), "ptr_"))));
		if (Outlives || State->contains<Deferred>(Base))
			State = keep(C, State, R, V, S);
		if (State != C.getState())
			C.addTransition(State);
	}

	static const FieldDecl *memberOf(const MemRegion *R)
	{
		for (; R && isa<ElementRegion>(R); R = cast<SubRegion>(R)->getSuperRegion())
			;
		const auto *F = dyn_cast_or_null<FieldRegion>(R);

		return F ? F->getDecl() : nullptr;
	}

	static ProgramStateRef keep(CheckerContext &C, ProgramStateRef State, const MemRegion *R, SVal V, const Stmt *S)
	{
		const auto *TR = dyn_cast<TypedValueRegion>(R);
		const auto *RT = TR ? TR->getValueType()->getAs<RecordType>() : nullptr;
		auto L = V.getAs<nonloc::LazyCompoundVal>();

		if (const MemRegion *P = V.getAsRegion(); P && isa<SubRegion>(P) && P->getBaseRegion() != R->getBaseRegion())
			return State->set<Kept>(R, Store{ P, S });
		// A structure, by its members.
		if (!L || !RT || RT->getDecl()->getName() == "hf_owner" ||
		    RT->getDecl()->getDefinitionOrSelf() != recordOf(L->getRegion()->getValueType()))
			return State;
		for (const FieldDecl *F : RT->getDecl()->getDefinitionOrSelf()->fields()) {
			SVal From = State->getLValue(F, loc::MemRegionVal(L->getRegion()));
			const MemRegion *To = State->getLValue(F, loc::MemRegionVal(R)).getAsRegion();

			if (To && isa<Loc>(From) && (F->getType()->isPointerType() || F->getType()->isRecordType()) && !F->getType()->isFunctionPointerType())
				State = keep(C, State, To, C.getStoreManager().getBinding(L->getStore(), From.castAs<Loc>(), F->getType()), S);
		}
		return State;
	}

	static const RecordDecl *recordOf(QualType T)
	{
		const auto *RT = T->getAs<RecordType>();

		return RT ? RT->getDecl()->getDefinitionOrSelf() : nullptr;
	}

	static bool isDecrement(const Stmt *S)
	{
		const auto *U = dyn_cast_or_null<UnaryOperator>(S);

		return U && U->isDecrementOp();
	}

	// A vector gets an element, and with it the pointers that it has.
	static ProgramStateRef putIntoVector(const CallEvent &Call, CheckerContext &C, ProgramStateRef State)
	{
		const MemRegion *R = Call.getArgSVal(0).getAsRegion(), *From = Call.getArgSVal(1).getAsRegion();
		const auto *X = dyn_cast_or_null<TypedValueRegion>(From ? From->StripCasts() : nullptr);

		return R && X && isa<SymbolicRegion>(R->getBaseRegion()) ? keep(C, State, R, State->getSVal(X), Call.getOriginExpr()) : State;
	}

	static ProgramStateRef forgetKept(ProgramStateRef State, const MemRegion *Memory)
	{
		for (auto P : State->get<Kept>())
			if (Memory && P.first->getBaseRegion() == Memory)
				State = State->remove<Kept>(P.first);
		return State;
	}

	static bool branches(const Stmt *S)
	{
		if (const auto *B = dyn_cast_or_null<BinaryOperator>(S))
			if (B->isLogicalOp())
				return true;
		if (!S || isa<AbstractConditionalOperator>(S))
			return S;
		for (const Stmt *X : S->children())
			if (branches(X))
				return true;
		return false;
	}

	// Whether a loop goes on by this condition, or by this part of it.
	static bool isLoop(CheckerContext &C, const Stmt *Cond)
	{
		const ParentMap &PM = C.getStackFrame()->getParentMap();
		const Stmt *S = Cond, *P = PM.getParent(S);

		for (; P && (isa<ParenExpr, ImplicitCastExpr>(P) || (isa<BinaryOperator>(P) && cast<BinaryOperator>(P)->getOpcode() == BO_LAnd));
		     P = PM.getParent(S))
			S = P;
		if (const auto *F = dyn_cast_or_null<ForStmt>(P))
			return F->getCond() == S;
		if (const auto *W = dyn_cast_or_null<WhileStmt>(P))
			return W->getCond() == S;
		return false;
	}

	void checkBranchCondition(const Stmt *Cond, CheckerContext &C) const
	{
		ProgramStateRef State = C.getState();
		const auto *E = dyn_cast<Expr>(Cond);
		bool Sure = false;

		/*
		 * The analyzer never goes into a function again in which a loop came round more often than it follows, so that
		 * the callers to come would see nothing of it.  The loop ends before, if it can.
		 */
		if (E && !C.inTopFrame() && C.blockCount() > 2 && isLoop(C, Cond))
			if (auto V = C.getSVal(E).getAs<DefinedOrUnknownSVal>())
				if (ProgramStateRef Over = State->assume(*V, false); Over && State->assume(*V, true)) {
					C.addTransition(Over);
					return;
				}
		// Whoever says hf_broken_at(site, false) has tested before.
		if (E && E->isEvaluatable(C.getASTContext()))
			return;
		// The branches within were decided by conditions of their own.
		if (branches(Cond))
			return;
		if (E && byHeader(Cond->getBeginLoc(), C.getSourceManager()))
			Sure = isNotNull(State, C.getSVal(E));
		if (State->get<Certain>() != Sure)
			C.addTransition(State->set<Certain>(Sure));
	}

	// --- scopes ---

	/*
	 * The analyzer of Clang 23 ends a path where a cleanup function is called, so it is told to leave those calls out
	 * of its graph (cfg-implicit-dtors=false).  A scope has ended when a statement outside of it comes.
	 */
	void checkPostStmt(const DeclStmt *DS, CheckerContext &C) const
	{
		ProgramStateRef State = C.getState();

		for (const Decl *D : DS->decls())
			if (const auto *V = dyn_cast<VarDecl>(D)) {
				if (const MemRegion *Raw = V->isLocalVarDecl() && V->hasLocalStorage() && V->getInit() && owes(V->getType()) &&
				    !V->hasAttr<CleanupAttr>() && !V->getName().starts_with("hf_") ?
				    load(State, ptrPlace(State, ownOf(State, State->getRegion(V, C.getStackFrame())))).getAsRegion() : nullptr)
					State = State->set<Unbound>(State->getRegion(V, C.getStackFrame()), Raw);
				if (const auto *A = V->getAttr<CleanupAttr>()) {
					const VarRegion *R = State->getRegion(V, C.getStackFrame());

					State = State->set<Open>(R, DS);
					StringRef N = A->getFunctionDecl()->getName();
					SVal Init = State->getSVal(R);

					if (isDrop(N))
						State = owns(State, R);
					if (N.starts_with("hf_context_") && Init.getAsRegion() && !isLent(C, State, V))
						State = State->add<Contexts>(R);
					if (N == "hf_defer_run_")
						if (const MemRegion *Arg = base(load(State, member(State, R, V->getType(), "arg_"))))
							State = State->set<Deferred>(Arg, R);
					if (N == "hf_guard_again_")
						if (const MemRegion *G = Init.getAsRegion())
							if (const MemRegion *const *Data = State->get<GuardData>(G))
								State = State->set<GuardData>(R, *Data);
				}
			}
		if (State != C.getState())
			C.addTransition(State);
	}

	void checkPreStmt(const Stmt *S, CheckerContext &C) const
	{
		ProgramStateRef State = closeScopes(C, C.getState(), S);

		// A variable that is read as a whole is passed on.
		if (const auto *X = dyn_cast<ImplicitCastExpr>(S); State && X && X->getCastKind() == CK_LValueToRValue && X->getType()->isRecordType())
			State = takeUnbound(State, State->getSVal(X->getSubExpr(), C.getStackFrame()));

		if (State && State != C.getState())
			C.addTransition(State);
	}

	// Whether @S stands behind the declaration @DS in its scope.  If it is before, a loop has come round.
	static bool within(const ParentMap &PM, const Stmt *S, const Stmt *DS)
	{
		const Stmt *Scope = PM.getParent(DS), *Child = nullptr;

		for (; S && S != Scope; S = PM.getParent(S))
			Child = S;
		if (!S || !Child)
			return false;
		for (const Stmt *X : Scope->children()) {
			if (X == Child)
				return false;
			if (X == DS)
				return true;
		}
		return false;
	}

	// The scopes of this function that do not contain @S, the last first; all, if @S is NULL.
	ProgramStateRef closeScopes(CheckerContext &C, ProgramStateRef State, const Stmt *S) const
	{
		const StackFrame *SF = C.getStackFrame();
		SmallVector<const VarRegion *, 8> Over;

		for (auto P : State->get<Open>())
			if (P.first->getStackFrame() == SF && (!S || !within(SF->getParentMap(), S, P.second)))
				Over.push_back(P.first);
		llvm::sort(Over, [&](const VarRegion *A, const VarRegion *B) {
			return C.getSourceManager().isBeforeInTranslationUnit(B->getDecl()->getLocation(), A->getDecl()->getLocation());
		});
		for (const VarRegion *V : Over) {
			State = State->remove<Open>(V);
			State = closeScope(C, State, V);
			if (!State)
				return nullptr;
		}
		return State;
	}

	ProgramStateRef closeScope(CheckerContext &C, ProgramStateRef State, const VarRegion *R) const
	{
		const VarDecl *D = R->getDecl();
		StringRef N = D->getAttr<CleanupAttr>()->getFunctionDecl()->getName();

		if (isDrop(N)) {
			State = drop(C, State, R, N, ScopeEnded, 0);
		} else if (N == "hf_guard_unlock_") {
			if (const MemRegion *const *Data = State->get<GuardData>(R)) {
				State = end(C, othersMayChange(State->remove<GuardData>(R)->remove<Held>(*Data)), *Data, Unlocked, R, 0);
			}
		} else if (N == "hf_guard_again_") {
			if (const MemRegion *const *Data = State->get<GuardData>(R))
				State = State->remove<Ended>(*Data)->set<Held>(*Data, 0)->remove<GuardData>(R);
		} else if (N == "hf_access_end_" || N == "hf_reading_end_") {
			State = endLoan(C, State->remove<Accesses>(R), R, Left, 0);
		} else if (N == "hf_context_end_" || N == "hf_context_again_") {
			if (State->contains<Contexts>(R))
				State = State->remove<Contexts>(R)->set<Spinning>(State->get<Spinning>() + (N == "hf_context_again_" ? 1 : -1));
		} else if (N.ends_with("_vec_drop")) {
			const MemRegion *Place = member(State, R, R->getValueType(), "ptr_").getAsRegion();

			const MemRegion *const *Memory = Place ? State->get<Grew>(Place) : nullptr;
			// Or another function has filled it.
			const MemRegion *Filled = Memory || !Place ? nullptr : base(load(State, loc::MemRegionVal(Place)));

			if (Memory || isa_and_nonnull<SymbolicRegion>(Filled))
				State = end(C, State, Memory ? *Memory : Filled, ScopeEnded, R, 0);
		} else if (N == "hf_defer_run_") {
			for (auto P : State->get<Deferred>()) {
				if (P.second != R)
					continue;
				if (const End *E = ended(State, P.first); E && E->By) {
					reportAt(C, State, E->By, ruleOf(*E), Twine("the call that '") + D->getName() + "' defers gets a pointer to "
						 "what belongs to " + why(*E) + ": hf_dismiss() it before, or let it take what lives on");
					return nullptr;
				}
				State = State->remove<Deferred>(P.first);
				for (auto K : State->get<Kept>())
					if (K.first->getBaseRegion() == P.first)
						State = State->remove<Kept>(K.first);
			}
		}
		return State;
	}

	// A handler, which a function of the headers calls, or one that is called with a lock held.
	void checkBeginFunction(CheckerContext &C) const
	{
		ProgramStateRef State = C.getState();
		const auto *FD = dyn_cast<FunctionDecl>(C.getStackFrame()->getDecl());

		if (!State->get<Spinning>() && spins(FD))
			State = State->set<Spinning>(1)->add<Handlers>(C.getStackFrame());
		if (FD && facts(C).Callbacks.contains(FD->getCanonicalDecl()))
			if (const ParmVarDecl *P = FD->getNumParams() ? FD->getParamDecl(0) : nullptr)
				if (P->getType()->isPointerType() && P->getType()->getPointeeType()->isRecordType())
					if (const auto *X = dyn_cast_or_null<SymbolicRegion>(base(State->getSVal(State->getRegion(P, C.getStackFrame())))))
						State = State->set<ForCall>(X, P);
		if (State != C.getState())
			C.addTransition(State);
	}

	static bool owes(QualType T)
	{
		const auto *RT = T->getAs<RecordType>();
		StringRef N = RT ? RT->getDecl()->getName() : StringRef();

		return N.ends_with("_own") || N.ends_with("_arc") || N.ends_with("_weak") || N.ends_with("_token");
	}

	void checkEndFunction(const ReturnStmt *RS, CheckerContext &C) const
	{
		ProgramStateRef State = C.getState();
		const StackFrame *SF = C.getStackFrame();
		const auto *FD = dyn_cast<FunctionDecl>(SF->getDecl());

		State = closeScopes(C, State, nullptr);
		if (!State)
			return;
		// What a function has found, its caller has.
		if (const StackFrame *Caller = SF->getParent()) {
			for (auto P : State->get<SeenIn>())
				if (P.second.By == SF)
					State = State->set<SeenIn>(P.first, Seen{ P.second.In, Caller, P.second.Walked });
			for (auto P : State->get<FoundBy>())
				if (P.second == SF)
					State = State->set<FoundBy>(P.first, Caller);
		}
		if (State->contains<Handlers>(SF))
			State = State->set<Spinning>(0)->remove<Handlers>(SF);
		for (auto P : State->get<ForCall>())
			if (FD && P.second->getDeclContext() == FD)
				State = State->remove<ForCall>(P.first);
		if (!FD || byHeader(FD, C.getSourceManager())) {
			if (State != C.getState())
				C.addTransition(State);
			return;
		}
		if (RS && RS->getRetValue())
			if (const End *E = endedBy(C, State, C.getSVal(RS->getRetValue()))) {
				report(C, State, RS, ruleOf(*E) == "guard-escapes" ? "guard-escapes" : "borrow-escapes",
				       Twine("the function returns a pointer to what belongs to ") + why(*E));
				return;
			}
		// A structure whose vector grows lives on.  That it cannot be set anew is an error of its own.
		for (auto P : State->get<Stale>())
			if (P.second.Reason == Grown && C.inTopFrame() && stale(State, P.first) && !ended(State, P.first) &&
			    !assigns(FD, cast<FieldRegion>(P.first)->getDecl())) {
				reportAt(C, State, P.second.By, "borrow-outlives-owner", Twine("'") + nameOf(P.second.Of) +
					 "' may move its elements here, and '" + nameOf(P.first) +
					 "' was borrowed from it earlier: set it anew");
				return;
			}
		if (C.inTopFrame() && checkLeft(C, State, RS, FD))
			return;
		for (auto P : State->get<Unbound>()) {
			if (P.first->getStackFrame() != SF)
				continue;
			if (!isNull(State, loc::MemRegionVal(P.second))) {
				report(C, State, RS, "owner-ignored", Twine("this way out of the function leaves '") + nameOf(P.first) +
				       "' as it is, and what it owns is lost: bind it by hf_let() or hf_let_arc(), which drops it");
				return;
			}
			State = State->remove<Unbound>(P.first);
		}
		for (const ParmVarDecl *P : FD->parameters()) {
			if (!owes(P->getType()))
				continue;
			const VarRegion *V = State->getRegion(P, SF);
			if (!State->contains<Taken>(V)) {
				bool Token = P->getType()->getAs<RecordType>()->getDecl()->getName().ends_with("_token");

				report(C, State, RS, Token ? "token-forgotten" : "owner-ignored",
				       Twine("this way out of the function has not taken the parameter '") + P->getName() +
				       (Token ? "', which stays owed" : "', and what it owns is lost"));
				return;
			}
		}
		if (State != C.getState())
			C.addTransition(State);
	}

	// Whether what a lock guards has the place: it lives on, and others look at it.
	static bool isLocked(const MemRegion *R)
	{
		for (; R && isa<SubRegion>(R); R = cast<SubRegion>(R)->getSuperRegion())
			if (const auto *F = dyn_cast<FieldRegion>(R); F && F->getDecl()->getName() == "data_")
				return true;
		return false;
	}

	// Whether a function, or one that it calls, assigns to a member or to its elements.
	static bool assigns(const FunctionDecl *FD, const FieldDecl *F)
	{
		Functions All;

		reach(FD, All);
		return llvm::any_of(All, [&](const FunctionDecl *X) {
			return any(X->getBody(), [&](const Stmt *S) {
				const auto *B = dyn_cast<BinaryOperator>(S);

				return B && B->isAssignmentOp() && names(B->getLHS(), F);
			});
		});
	}

	// More than that a lock was released.
	static bool isGone(ProgramStateRef State, const MemRegion *R)
	{
		const End *E = ended(State, R);

		return E && E->Reason != Unlocked;
	}

	// A function that goes by the member alone: it tests no other one of the structure, and does not name the owner.
	static bool isReader(const FunctionDecl *FD, const FieldDecl *Borrow, const FieldDecl *Owner)
	{
		bool Tests = false, Others = false;

		if (names(FD, Owner))
			return false;
		any(FD->getBody(), [&](const Stmt *S) {
			const auto *If = dyn_cast<IfStmt>(S);
			const auto *Choice = dyn_cast<ConditionalOperator>(S);

			any(If ? If->getCond() : Choice ? Choice->getCond() : nullptr, [&](const Stmt *X) {
				const auto *M = dyn_cast<MemberExpr>(X);
				const auto *F = M ? dyn_cast<FieldDecl>(M->getMemberDecl()) : nullptr;

				Tests |= F == Borrow;
				Others |= F && F != Borrow && F->getParent() == Borrow->getParent();
				return false;
			});
			return false;
		});
		return Tests && !Others;
	}

	// What was dropped, and is pointed to from what a lock guards.
	bool checkLeft(CheckerContext &C, ProgramStateRef State, const ReturnStmt *RS, const FunctionDecl *FD) const
	{
		for (auto P : State->get<Ended>()) {
			const auto *X = dyn_cast<SymbolicRegion>(P.first);
			const FieldDecl *const *By = X ? State->get<TakenBy>(X->getSymbol()) : nullptr;

			if (!By || (P.second.Reason != Dropped && P.second.Reason != ScopeEnded) || assigns(FD, *By))
				continue;
			report(C, State, RS, "borrow-outlives-owner", Twine("'") + (*By)->getName() + "' still points to what belongs to " +
			       why(P.second) + ": set it to NULL, before the lock is released");
			return true;
		}
		for (auto P : State->get<Stale>()) {
			const auto *Borrow = dyn_cast<FieldRegion>(P.first), *Owner = dyn_cast_or_null<FieldRegion>(P.second.Of);
			bool Reads = false;

			if (!Borrow || !Owner || (P.second.Reason != Dropped && P.second.Reason != OneOfThem) || !isLocked(Borrow) ||
			    isGone(State, Borrow) || names(FD, Borrow->getDecl()))
				continue;
			eachFunction(C.getASTContext(), [&](const FunctionDecl *Reader) { Reads |= isReader(Reader, Borrow->getDecl(), Owner->getDecl()); });
			if (!Reads)
				continue;
			reportAt(C, State, P.second.By, "borrow-outlives-owner", Twine("'") + nameOf(Borrow) + "' may point to what '" +
				 nameOf(Owner) + "' drops here: set it to NULL");
			return true;
		}
		return false;
	}

	// An owner lends the same pointer again, as long as it lives.
	void checkLiveSymbols(ProgramStateRef State, SymbolReaper &SR) const
	{
		for (auto P : State->get<Deferred>())
			if (const auto *X = dyn_cast<SymbolicRegion>(P.first))
				SR.markLive(X->getSymbol());
		for (auto P : State->get<TakenBy>())
			SR.markLive(P.first);
		for (auto P : State->get<EmptyBy>())
			SR.markLive(P.second);
		for (auto P : State->get<Open>())
			if (P.first->getDecl()->getAttr<CleanupAttr>()->getFunctionDecl()->getName().ends_with("_vec_drop"))
				SR.markLive(P.first);
		for (auto P : State->get<Loops>())
			if (SR.isLiveRegion(P.first))
				SR.markLive(P.second);
		// A guard's end is compared with what is kept, and the drop of an owner with what leads to where that is.
		for (auto P : State->get<Kept>()) {
			if (const auto *X = dyn_cast<SymbolicRegion>(P.first->getBaseRegion()); X && State->contains<PartOf>(X->getSymbol()))
				SR.markLive(X->getSymbol());
			if (const auto *X = dyn_cast<SymbolicRegion>(P.second.To->getBaseRegion()))
				SR.markLive(X->getSymbol());
		}
		for (auto P : State->get<Unbound>())
			if (const auto *X = dyn_cast<SymbolicRegion>(P.second->getBaseRegion()))
				SR.markLive(X->getSymbol());
		for (auto P : State->get<Alone>())
			if (const VarRegion *V = variable(P.first); SR.isLiveRegion(P.first) || (V && State->contains<Owns>(V)))
				SR.markLive(P.second);
		for (auto P : State->get<Lent>())
			if (const VarRegion *V = variable(P.first); SR.isLiveRegion(P.first) || (V && State->contains<Owns>(V)))
				SR.markLive(P.second.Sym);
		// A part is followed to the whole.
		for (auto P : State->get<PartOf>())
			if (const auto *X = dyn_cast<SymbolicRegion>(P.second->getBaseRegion()))
				SR.markLive(X->getSymbol());
	}

	void checkDeadSymbols(SymbolReaper &SR, CheckerContext &C) const
	{
		ProgramStateRef State = C.getState();

		for (auto P : State->get<Ended>())
			if (const auto *S = dyn_cast<SymbolicRegion>(P.first->getBaseRegion()))
				if (SR.isDead(S->getSymbol()))
					State = State->remove<Ended>(P.first);
		for (auto P : State->get<PartOf>())
			if (SR.isDead(P.first))
				State = State->remove<PartOf>(P.first);
		for (SymbolRef Sym : State->get<Outside>())
			if (SR.isDead(Sym))
				State = State->remove<Outside>(Sym);
		for (auto P : State->get<Lent>())
			if (SR.isDead(P.second.Sym))
				State = State->remove<Lent>(P.first);
		for (auto P : State->get<Alone>())
			if (SR.isDead(P.second))
				State = State->remove<Alone>(P.first);
		for (auto P : State->get<Linked>())
			if (SR.isDead(P.first))
				State = State->remove<Linked>(P.first)->remove<FoundBy>(P.first)->remove<KindAsked>(P.first);
		for (auto P : State->get<Searched>())
			if (SR.isDead(P.second.Key) || SR.isDead(P.second.Found))
				State = State->remove<Searched>(P.first);
		for (auto P : State->get<SeenIn>())
			if (SR.isDead(P.first))
				State = State->remove<SeenIn>(P.first);
		for (auto P : State->get<Removed>())
			if (SR.isDead(P.first))
				State = State->remove<Removed>(P.first);
		for (auto P : State->get<ElementAt>())
			if (SR.isDead(P.first))
				State = State->remove<ElementAt>(P.first)->remove<GivenTo>(P.first);
		for (auto P : State->get<EmptyBy>())
			if (SR.isDead(P.first))
				State = State->remove<EmptyBy>(P.first);
		for (auto P : State->get<Loops>())
			if (SR.isDead(P.second))
				State = State->remove<Loops>(P.first);
		if (State != C.getState())
			C.addTransition(State);
	}
};

} // namespace

const MemRegion *lender(ProgramStateRef State, SymbolRef Borrow)
{
	for (auto P : State->get<Lent>())
		if (P.second.Sym == Borrow && P.second.Raw)
			return P.first;
	return nullptr;
}

const MemRegion *listOf(ProgramStateRef State, const MemRegion *Element)
{
	const auto *X = dyn_cast_or_null<SymbolicRegion>(Element);
	const MemRegion *const *Of = X ? State->get<Linked>(X->getSymbol()) : nullptr;

	return Of ? *Of : nullptr;
}

void registerBorrows(CheckerRegistry &Registry)
{
	Registry.addChecker<Borrows>("holdfast.Borrows", "Owners, borrows and guards", "");
}
