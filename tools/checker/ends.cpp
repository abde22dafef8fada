// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What is left behind, or taken twice, when an object, a function or a list ends.
 *
 *	free	a member of the object still owns what it owned before
 *	scope	a list on the stack still has elements
 *	param	an owner that the caller gave is given away twice
 *	adopt	a place still holds the pointer that became an owner
 *	memset	what a structure owns is overwritten
 *	hand	a lock that was taken by hand is held past an error
 *	guard	a guard outlives the object that its lock is in
 *	borrow	the memory of a borrow is freed
 *	thread	a thread's loop never asks whether it shall stop
 *	member	what one function leaves in a member is not what the others rely on
 *	leak	nobody takes what hf_leak() gave
 *	early	an initialiser uses a member, and initialises it then
 *
 * The analyzer never changed a value that it still calls by the name of its place (SymbolRegionValue), so nobody on
 * this path dropped or took what the place owns.
 */
#include "rules.h"

#include "llvm/ADT/SmallSet.h"

#include <set>

namespace {

// What a type of Holdfast owns: by its members.
enum Kind { Nothing, Handle, Vector, Token, Linked };

// More elements than are counted.
constexpr unsigned Many = 4;

// A pointer that became an owner: where, and the place that it came from.
struct Adoption {
	const Stmt *By;
	const MemRegion *From;

	bool operator==(const Adoption &X) const { return By == X.By && From == X.From; }
	void Profile(llvm::FoldingSetNodeID &ID) const
	{
		ID.AddPointer(By);
		ID.AddPointer(From);
	}
};

} // namespace

// Parts of an object that a function of the headers got a pointer to: they were dropped, asked or filled.
REGISTER_SET_WITH_PROGRAMSTATE(Asked, const MemRegion *)
// Lists and maps on the stack that have elements, and how many.
REGISTER_MAP_WITH_PROGRAMSTATE(Filled, const MemRegion *, unsigned)
// Parameters that were given away, and the line.
REGISTER_MAP_WITH_PROGRAMSTATE(Given, const MemRegion *, unsigned)
REGISTER_MAP_WITH_PROGRAMSTATE(Adopted, SymbolRef, Adoption)
// Members that were set to NULL: the analyzer forgets that when it is not read any more.
REGISTER_SET_WITH_PROGRAMSTATE(Cleared, const MemRegion *)
// Pointers that a function of another file got: it may have taken a reference.
REGISTER_SET_WITH_PROGRAMSTATE(Passed, SymbolRef)
// What hf_leak() gave and nobody has yet, and where.
REGISTER_MAP_WITH_PROGRAMSTATE(Leaked, SymbolRef, const Expr *)
// Locks that were taken by hand, and by which function.
REGISTER_MAP_WITH_PROGRAMSTATE(ByHand, const MemRegion *, const StackFrame *)
// Structures of others that an owner was stored in, and where.
REGISTER_MAP_WITH_PROGRAMSTATE(Entrusted, const MemRegion *, const Stmt *)
// Parts of a new object that its initialiser has used already, and where.
REGISTER_MAP_WITH_PROGRAMSTATE(UsedNew, const MemRegion *, const Stmt *)
// Structures of which a member was read: they are not new.
REGISTER_SET_WITH_PROGRAMSTATE(InUse, const MemRegion *)

namespace {

class Ends : public Rules<check::PreCall, check::PostCall, check::PreStmt<ImplicitCastExpr>, check::EndFunction,
			  check::RegionChanges, check::Location, check::Bind, check::LiveSymbols, check::DeadSymbols,
			  check::PointerEscape, check::PreStmt<ReturnStmt>, check::ASTCodeBody> {
	// --- types ---

	static Kind kindOf(const RecordDecl *D)
	{
		for (const FieldDecl *F : D->fields()) {
			const auto *RT = F->getType()->getAs<RecordType>();
			StringRef N = RT ? RT->getDecl()->getName() : F->getName();

			if (N == "hf_owner" || N == "capacity_" || N == "hf_due")
				return N == "hf_owner" ? Handle : N == "hf_due" ? Token : Vector;
			if (N == "hf_list" || N == "hf_map" || N == "hf_ids_")
				return Linked;
		}
		return Nothing;
	}

	static const RecordDecl *recordOf(QualType T)
	{
		const auto *RT = T.isNull() ? nullptr : T->getAs<RecordType>();

		return RT ? RT->getDecl()->getDefinition() : nullptr;
	}

	// The first member that is no structure.
	static SVal first(ProgramStateRef State, const MemRegion *R, const RecordDecl *D)
	{
		for (const FieldDecl *F : D->fields()) {
			SVal Place = State->getLValue(F, loc::MemRegionVal(R));

			if (const RecordDecl *Inner = recordOf(F->getType()))
				Place = first(State, Place.getAsRegion(), Inner);
			if (isa<Loc>(Place) && !F->getType()->isArrayType())
				return Place;
		}
		return UnknownVal();
	}

	// The place that says whether what owns, at @R, owns something.
	static SVal placeOf(ProgramStateRef State, const MemRegion *R, const RecordDecl *D, Kind K)
	{
		ASTContext &X = D->getASTContext();
		QualType T = X.getCanonicalTagType(D);

		if (K == Handle)
			return ptrPlace(State, member(State, R, T, "own").getAsRegion());
		if (K == Vector)
			return member(State, R, T, "ptr_");
		if (K == Linked)
			return first(State, R, D);
		const auto *Due = dyn_cast_or_null<TypedValueRegion>(member(State, R, T, "due").getAsRegion());
		return Due ? member(State, Due, Due->getValueType(), "owed_") : SVal(UnknownVal());
	}

	// Calls @Each for the members of an object that own, in structures within it too.  What a union or an array owns is
	// not known.
	template <typename F> static void eachOwner(ProgramStateRef State, const MemRegion *R, const RecordDecl *D, F Each)
	{
		for (const FieldDecl *M : D->fields()) {
			const RecordDecl *Inner = recordOf(M->getType());

			if (!Inner || Inner->isUnion() || Inner->getName().ends_with("_result"))
				continue;
			const MemRegion *At = State->getLValue(M, loc::MemRegionVal(R)).getAsRegion();
			if (!At)
				continue;
			if (Kind K = kindOf(Inner))
				Each(M, At, placeOf(State, At, Inner, K), K);
			else
				eachOwner(State, At, Inner, Each);
		}
	}

	// --- the functions of the file ---

	// Whether an object that is given to the function is passed on to another one, which may drop its members.
	static bool passesOn(const FunctionDecl *FD, const ValueDecl *Object)
	{
		return any(FD->getBody(), [&](const Stmt *S) {
			const auto *Call = dyn_cast<CallExpr>(S);
			const FunctionDecl *To = Call ? Call->getDirectCallee() : nullptr;

			if (!To || isFree(To->getName()))
				return false;
			for (const Expr *A : Call->arguments())
				if (const auto *R = dyn_cast<DeclRefExpr>(A->IgnoreParenCasts()); R && R->getDecl() == Object &&
				    !A->getType()->getPointeeType().isConstQualified())
					return true;
			return false;
		});
	}

	// --- objects that are freed ---

	static bool isFree(StringRef N) { return N == "hf_user_free" || N == "hf_sys_free"; }

	// Whether a place has the value that it had when the function began, and it is not known to be empty.
	static bool isUntouched(ProgramStateRef State, SVal Place)
	{
		SVal V = load(State, Place);
		const auto *Sym = dyn_cast_or_null<SymbolRegionValue>(V.getAsSymbol());

		return Sym && Sym->getRegion() == Place.getAsRegion() && !isNull(State, V);
	}

	static bool isAsked(ProgramStateRef State, const MemRegion *R, const MemRegion *Object)
	{
		for (; R && R != Object && isa<SubRegion>(R); R = cast<SubRegion>(R)->getSuperRegion())
			if (State->contains<Asked>(R))
				return true;
		return false;
	}

	// The memory that a function gets as a void *, as what it is.
	static const MemRegion *typed(const CallEvent &Call, CheckerContext &C, QualType T)
	{
		ASTContext &X = C.getASTContext();

		return C.getSValBuilder().evalCast(Call.getArgSVal(0), X.getPointerType(T), X.VoidPtrTy).getAsRegion();
	}

	// The object that a function frees, if its caller gave it: of a new one nothing is known.
	static const MemRegion *givenObject(const CallEvent &Call, CheckerContext &C, QualType T)
	{
		const MemRegion *R = typed(Call, C, T), *Whole = R;

		if (const auto *E = dyn_cast_or_null<ElementRegion>(R); E && E->getIndex().isZeroConstant())
			Whole = E->getSuperRegion();
		const auto *X = dyn_cast_or_null<SymbolicRegion>(Whole);
		if (!X || !isa<SymbolRegionValue>(X->getSymbol()))
			return nullptr;
		return R == X || X->getSymbol()->getType()->isVoidPointerType() ? R : nullptr;
	}

	// What hf_new_with() made, and frees again because its initialiser failed.
	static const RecordDecl *madeBy(const ValueDecl *Pointer)
	{
		const auto *V = dyn_cast<VarDecl>(Pointer);
		const RecordDecl *Made = nullptr;

		if (V && V->getName() == "hf_p_")
			any(V->getInit(), [&](const Stmt *S) {
				const auto *M = dyn_cast<MemberExpr>(S);
				const RecordDecl *Handle = M && M->getMemberDecl()->getName() == "val_" ? recordOf(M->getType()) : nullptr;

				if (Handle)
					for (const FieldDecl *F : Handle->fields())
						if (F->getName() == "type_" && F->getType()->isArrayType())
							Made = recordOf(F->getType()->getAsArrayTypeUnsafe()->getElementType()->getPointeeType());
				return Made != nullptr;
			});
		return Made;
	}

	// Whether a member of an object that is freed owns what this path put there.
	bool losesNew(const CallEvent &Call, CheckerContext &C) const
	{
		ProgramStateRef State = C.getState();
		const auto *Arg = dyn_cast<DeclRefExpr>(Call.getArgExpr(0)->IgnoreParenCasts());
		const RecordDecl *Made = Arg ? madeBy(Arg->getDecl()) : nullptr;
		const RecordDecl *D = Made || !Arg ? Made : recordOf(Arg->getType()->getPointeeType());
		const MemRegion *Object = D ? typed(Call, C, C.getASTContext().getCanonicalTagType(D)) : nullptr;
		const FieldDecl *Lost = nullptr;

		if (!Object)
			return false;
		eachOwner(State, Object, D, [&](const FieldDecl *F, const MemRegion *, SVal Place, Kind K) {
			if (!Lost && K != Linked && !isUntouched(State, Place) && isNotNull(State, load(State, Place)))
				Lost = F;
		});
		if (Lost)
			report(C, State, Call.getOriginExpr(), "member-not-dropped",
			       Made ? Twine("the initialiser may fail when '") + Lost->getName() + "' owns something already, which is lost: "
				      "drop '" + Lost->getName() + "' before it returns the error"
				    : Twine("the object is freed, and with it what its member '") + Lost->getName() + "' got on this path: "
				      "drop '" + Lost->getName() + "' before");
		return Lost;
	}

	void checkFree(const CallEvent &Call, CheckerContext &C) const
	{
		const auto *FD = dyn_cast<FunctionDecl>(C.getStackFrame()->getDecl());
		const auto *Arg = dyn_cast<DeclRefExpr>(Call.getArgExpr(0)->IgnoreParenCasts());
		const RecordDecl *D = Arg ? recordOf(Arg->getType()->getPointeeType()) : nullptr;
		ProgramStateRef State = C.getState();

		// A function that gives an error may free what was never filled.
		if (!D || !FD || !FD->getReturnType()->isVoidType())
			return;
		const MemRegion *Object = givenObject(Call, C, Arg->getType()->getPointeeType());
		// What is plain in one function is a rule of tools/query.
		if (!Object || !passesOn(FD, Arg->getDecl()))
			return;
		const FieldDecl *Lost = nullptr;
		Kind Of = Nothing;
		eachOwner(State, Object, D, [&](const FieldDecl *F, const MemRegion *At, SVal Place, Kind K) {
			if (!Lost && isUntouched(State, Place) && !isAsked(State, At, Object) &&
			    (K == Handle || K == Vector || !isNamed(C, F) || (K == Token && isTakenBefore(C, F)))) {
				Lost = F;
				Of = K;
			}
		});
		if (Lost)
			report(C, State, Call.getOriginExpr(), "member-not-dropped",
			       Twine("the object is freed, but on this path not what its member '") + Lost->getName() + "' owns: " +
			       (Of == Token ? "settle" : "drop") + " '" + Lost->getName() + "' before");
	}

	// The functions on the stack, and what they call.
	static Functions reached(CheckerContext &C)
	{
		Functions All;

		for (const StackFrame *SF = C.getStackFrame(); SF; SF = SF->getParent())
			reach(dyn_cast<FunctionDecl>(SF->getDecl()), All);
		return All;
	}

	static bool isNamed(CheckerContext &C, const FieldDecl *F)
	{
		return llvm::any_of(reached(C), [&](const FunctionDecl *FD) { return names(FD->getBody(), F); });
	}

	/*
	 * Whether a token is put into the object without a member that the drop asks.  A token that is not owed must not be
	 * settled, so its condition may be right.
	 */
	static bool isTakenBefore(CheckerContext &C, const FieldDecl *F)
	{
		llvm::SmallPtrSet<const ValueDecl *, 8> Tested;
		bool Found = false, Both = false;

		for (const FunctionDecl *FD : reached(C))
			any(FD->getBody(), [&](const Stmt *S) {
				if (const auto *If = dyn_cast<IfStmt>(S))
					any(If->getCond(), [&](const Stmt *X) {
						const auto *M = dyn_cast<MemberExpr>(X);
						const auto *T = M ? dyn_cast<FieldDecl>(M->getMemberDecl()) : nullptr;

						if (T && T != F && T->getParent() == F->getParent())
							Tested.insert(T);
						return false;
					});
				return false;
			});
		auto Sets = [&](const Stmt *S) {
			const auto *DS = dyn_cast<DeclStmt>(S);
			const auto *V = DS && DS->isSingleDecl() ? dyn_cast<VarDecl>(DS->getSingleDecl()) : nullptr;

			return V && V->getName() == "hf_place_" && names(V->getInit(), F);
		};
		auto Assigns = [&](const Stmt *S) {
			const auto *B = dyn_cast<BinaryOperator>(S);
			const auto *M = B && B->isAssignmentOp() ? dyn_cast<MemberExpr>(B->getLHS()->IgnoreParens()) : nullptr;

			return M && Tested.contains(M->getMemberDecl());
		};
		eachFunction(C.getASTContext(), [&](const FunctionDecl *FD) {
			Functions All;
			reach(FD, All);
			bool Puts = llvm::any_of(All, [&](const FunctionDecl *X) { return any(X->getBody(), Sets); });

			Found |= Puts;
			Both |= Puts && llvm::any_of(All, [&](const FunctionDecl *X) { return any(X->getBody(), Assigns); });
		});
		return !Tested.empty() && Found && !Both;
	}

	// --- lists on the stack ---

	// The list or map that a function of the headers works on, and what it does: "push_back".
	static const MemRegion *linked(const CallEvent &Call, CheckerContext &C, StringRef &Op)
	{
		const auto *FD = dyn_cast_or_null<FunctionDecl>(Call.getDecl());

		if (!FD || !FD->getNumParams() || !byHeader(FD, C.getSourceManager()))
			return nullptr;
		const RecordDecl *D = recordOf(FD->getParamDecl(0)->getType()->getPointeeType());
		Op = nameOf(Call);
		if (!D || kindOf(D) != Linked || !Op.consume_front(D->getName()) || !Op.consume_front("_"))
			return nullptr;
		return Call.getArgSVal(0).getAsRegion();
	}

	static const VarRegion *localOf(const MemRegion *R)
	{
		const auto *V = dyn_cast_or_null<VarRegion>(R ? R->getBaseRegion() : nullptr);

		return V && V->getDecl()->isLocalVarDecl() && V->getDecl()->hasLocalStorage() &&
		       !V->getDecl()->hasAttr<CleanupAttr>() ? V : nullptr;
	}

	static bool hasFailed(CheckerContext &C, ProgramStateRef State, SVal V)
	{
		if (auto L = V.getAs<nonloc::LazyCompoundVal>()) {
			SVal Err = first(State, L->getRegion(), recordOf(L->getRegion()->getValueType()));

			return isa<Loc>(Err) && isNotNull(State, C.getStoreManager().getBinding(L->getStore(), Err.castAs<Loc>()));
		}
		return isNotNull(State, V);
	}

	void afterLinked(const CallEvent &Call, const MemRegion *L, StringRef Op, CheckerContext &C) const
	{
		ProgramStateRef State = C.getState();
		const unsigned *N = State->get<Filled>(L);
		SVal Ret = Call.getReturnValue();
		bool Pops = Op.starts_with("pop_"), Local = localOf(L);

		if (Op == "take_all") {
			const MemRegion *From = Call.getArgSVal(1).getAsRegion();

			if (Local && (!localOf(From) || State->get<Filled>(From)))
				State = State->set<Filled>(L, Many);
			if (From)
				State = State->remove<Filled>(From);
		} else if (!Local) {
			return;
		} else if (Op.contains("push_") || Op.starts_with("insert")) {
			if (Call.getResultType()->isVoidType() || isNull(State, Ret))
				State = State->set<Filled>(L, N ? std::min(*N + 1, Many) : 1);
		} else if (Op == "empty" && N && !isNull(State, Ret) && !isNotNull(State, Ret)) {
			for (bool Empty : { true, false }) {
				ProgramStateRef S = Empty ? State->remove<Filled>(L) : State;

				if (auto Known = Ret.getAs<DefinedSVal>())
					S = S->assume(*Known, Empty);
				C.addTransition(S->BindExpr(Call.getOriginExpr(), C.getStackFrame(),
							    C.getSValBuilder().makeTruthVal(Empty, Call.getResultType())));
			}
			return;
		} else if (Pops && N && *N > 1 && !hasFailed(C, State, Ret)) {
			if (*N < Many)
				State = State->set<Filled>(L, *N - 1);
		} else if (Pops || (Op == "empty" && isNotNull(State, Ret)) || Op == "init" || Op == "fini" || Op == "clear" ||
			   Op.starts_with("remove")) {
			State = State->remove<Filled>(L);
		}
		if (State != C.getState())
			C.addTransition(State);
	}

	// Whether a deferred call has a pointer to the list.
	static bool isDeferred(const StackFrame *SF, const VarDecl *List)
	{
		return any(SF->getDecl()->getBody(), [&](const Stmt *S) {
			if (const auto *DS = dyn_cast<DeclStmt>(S))
				for (const Decl *D : DS->decls())
					if (const auto *V = dyn_cast<VarDecl>(D); V && V != List && names(V->getInit(), List))
						if (const auto *A = V->getAttr<CleanupAttr>())
							return A->getFunctionDecl()->getName() == "hf_defer_run_";
			return false;
		});
	}

	// --- parameters ---

	static bool owns(QualType T)
	{
		const RecordDecl *D = recordOf(T);
		Kind K = D ? kindOf(D) : Nothing;

		return K == Handle || K == Token || (D && D->getName() == "hf_owner");
	}

	static const ParmVarDecl *parameter(const Expr *E)
	{
		E = E->IgnoreParens();
		if (const auto *M = dyn_cast<MemberExpr>(E); M && !M->isArrow() && M->getMemberDecl()->getName() == "own")
			E = M->getBase()->IgnoreParens();
		const auto *R = dyn_cast<DeclRefExpr>(E);
		return R ? dyn_cast<ParmVarDecl>(R->getDecl()) : nullptr;
	}

	bool givenAway(CheckerContext &C, const Stmt *S, const MemRegion *P, const Twine &What) const
	{
		const unsigned *Line = C.getState()->get<Given>(P);

		if (Line)
			report(C, C.getState(), S, "owner-copied", Twine("'") + nameOf(P) + "' was given away in line " + Twine(*Line) +
			       ", and " + What + ": bind it once by " + (recordOf(cast<VarRegion>(P)->getValueType())->getName().ends_with(
			       "_token") ? "hf_owe(), and pass it on by hf_pass()" : "hf_let(), and give it away by hf_move() or hf_clone()"));
		return Line;
	}

	// --- pointers that become owners ---

	// The place outside of the function that a pointer was read from, and is in still.
	static const MemRegion *holder(ProgramStateRef State, SymbolRef Sym)
	{
		const MemRegion *From = Sym ? Sym->getOriginRegion() : nullptr;
		const auto *V = dyn_cast_or_null<VarRegion>(From ? From->getBaseRegion() : nullptr);

		if (!From || State->contains<Cleared>(From) || (V && !V->getDecl()->hasGlobalStorage()) || load(State, loc::MemRegionVal(From)).getAsSymbol() != Sym)
			return nullptr;
		return From;
	}

	template <typename F> static unsigned count(const Stmt *S, F Is)
	{
		unsigned N = 0;

		any(S, [&](const Stmt *X) { return N += Is(X), false; });
		return N;
	}

	static bool isAdoption(StringRef N) { return N.ends_with("_adopt_") || N.ends_with("_adopt_result_"); }

	// Whether two functions adopt what the member has, or two call the one that does.
	static bool isTwice(CheckerContext &C, const MemRegion *From)
	{
		const auto *By = dyn_cast<FunctionDecl>(C.getStackFrame()->getDecl());
		const auto *F = dyn_cast<FieldRegion>(From);
		unsigned Calls = 0, Adopts = 0;

		eachFunction(C.getASTContext(), [&](const FunctionDecl *FD) {
			auto Is = [&](const Stmt *S, auto Test) {
				const auto *Call = dyn_cast<CallExpr>(S);
				const FunctionDecl *To = Call ? Call->getDirectCallee() : nullptr;
				return To && Test(To);
			};

			Calls += count(FD->getBody(), [&](const Stmt *S) {
				return Is(S, [&](const FunctionDecl *To) { return To->getCanonicalDecl() == By->getCanonicalDecl(); });
			});
			Adopts += F && names(FD->getBody(), F->getDecl()) && any(FD->getBody(), [&](const Stmt *S) {
				return Is(S, [&](const FunctionDecl *To) { return isAdoption(To->getName()); });
			});
		});
		return Calls > 1 || Adopts > 1;
	}

	// Whether this file puts nothing but borrows into a member of a structure of its own.
	static bool getsBorrows(CheckerContext &C, const MemRegion *From)
	{
		const auto *F = dyn_cast<FieldRegion>(From);
		unsigned Borrows = 0, Others = 0;

		if (!F || !C.getSourceManager().isInMainFile(C.getSourceManager().getExpansionLoc(F->getDecl()->getLocation())))
			return false;
		auto Names = [&](const Expr *E) {
			const auto *M = dyn_cast<MemberExpr>(E->IgnoreParenCasts());

			return M && M->getMemberDecl() == F->getDecl();
		};
		eachFunction(C.getASTContext(), [&](const FunctionDecl *FD) {
			any(FD->getBody(), [&](const Stmt *S) {
				const auto *B = dyn_cast<BinaryOperator>(S);
				const auto *U = dyn_cast<UnaryOperator>(S);

				if (U && U->getOpcode() == UO_AddrOf && Names(U->getSubExpr()))
					Others++;
				if (!B || !B->isAssignmentOp() || !Names(B->getLHS()) ||
				    B->getRHS()->isNullPointerConstant(C.getASTContext(), Expr::NPC_ValueDependentIsNull))
					return false;
				bool Borrow = any(B->getRHS(), [](const Stmt *X) {
					const auto *Call = dyn_cast<CallExpr>(X);
					const FunctionDecl *To = Call ? Call->getDirectCallee() : nullptr;

					return To && (To->getName() == "hf_mut_" || To->getName() == "hf_mut_place_" ||
						      To->getName() == "hf_ref_" || To->getName() == "hf_ref_place_");
				});
				(Borrow ? Borrows : Others)++;
				return false;
			});
		});
		return Borrows && !Others;
	}

	// A variable, or a member that is not the first one, or an element of such an array.
	static bool isPart(const MemRegion *R)
	{
		for (; R && isa<ElementRegion>(R); R = cast<SubRegion>(R)->getSuperRegion())
			;
		if (const auto *F = dyn_cast_or_null<FieldRegion>(R)) {
			RegionOffset At = F->getAsOffset();
			return At.isValid() && (At.hasSymbolicOffset() || At.getOffset());
		}
		return isa_and_nonnull<VarRegion>(R);
	}

	// Whether the drop of what an adoption makes frees its memory.
	static bool freesIt(const CallEvent &Call, CheckerContext &C)
	{
		StringRef Handle = nameOf(Call);
		const RecordDecl *Of = recordOf(Call.getArgExpr(0)->getType()->getPointeeType());
		Functions All;

		if (!Handle.consume_back("adopt_"))
			return false;
		for (const Decl *D : C.getASTContext().getTranslationUnitDecl()->decls())
			if (const auto *FD = dyn_cast<FunctionDecl>(D); FD && FD->hasBody() && FD->getName() == (Handle + "drop").str())
				reach(FD, All);
		return llvm::any_of(All, [&](const FunctionDecl *FD) {
			return !byHeader(FD, C.getSourceManager()) && any(FD->getBody(), [&](const Stmt *S) {
				const auto *X = dyn_cast<CallExpr>(S);
				const auto *A = X && X->getNumArgs() && X->getDirectCallee() && isFree(X->getDirectCallee()->getName()) ?
						dyn_cast<DeclRefExpr>(X->getArg(0)->IgnoreParenCasts()) : nullptr;

				return A && isa<ParmVarDecl>(A->getDecl()) && recordOf(A->getType()->getPointeeType()) == Of;
			});
		});
	}

	void checkAdoption(const CallEvent &Call, CheckerContext &C) const
	{
		ProgramStateRef State = C.getState();
		SVal V = Call.getArgSVal(0);
		SymbolRef Sym = V.getAsSymbol();
		const MemRegion *From = holder(State, Sym);

		if (const MemRegion *List = listOf(State, base(V))) {
			report(C, State, Call.getOriginExpr(), "owner-copied", Twine("'") + nameOf(List) + "' has this element still, and owns "
			       "it: take it out by name_remove(), or make another reference by hf_arc_from()");
			return;
		}
		if (isPart(V.getAsRegion()) && freesIt(Call, C)) {
			report(C, State, Call.getOriginExpr(), "owner-of-other-type", "this is a part of another object, and its drop would free it "
			       "as memory of its own: allocate one by hf_new()");
			return;
		}
		if (!Sym || State->contains<Passed>(Sym))
			return;
		if (const MemRegion *Owner = lender(State, Sym)) {
			report(C, State, Call.getOriginExpr(), "owner-copied", Twine("this is borrowed from '") + nameOf(Owner) + "', which owns "
			       "it, and two would: make another reference by hf_arc_from(), or move that owner");
			return;
		}
		if (!From)
			return;
		if (getsBorrows(C, From)) {
			report(C, State, Call.getOriginExpr(), "owner-copied", Twine("'") + nameOf(From) + "' keeps a borrow of what has an "
			       "owner already, and two would own it: move that owner out, by hf_take()");
			return;
		}
		const auto *Whole = dyn_cast<SymbolicRegion>(From->getBaseRegion());
		if (nameOf(Call).ends_with("_result_") ||
		    ((!Whole || isa<SymbolRegionValue>(Whole->getSymbol())) && (isNotNull(State, V) || isTwice(C, From))))
			C.addTransition(State->set<Adopted>(Sym, Adoption{ Call.getOriginExpr(), From }));
	}

	// --- structures that are overwritten ---

	void checkMemset(const CallEvent &Call, CheckerContext &C) const
	{
		ProgramStateRef State = C.getState();
		const Expr *Arg = Call.getArgExpr(0)->IgnoreParenCasts();
		const RecordDecl *D = recordOf(Arg->getType()->getPointeeType());
		const MemRegion *R = D ? typed(Call, C, Arg->getType()->getPointeeType()) : nullptr;
		const FieldDecl *Lost = nullptr;

		if (!R || kindOf(D))
			return;
		eachOwner(State, R, D, [&](const FieldDecl *F, const MemRegion *At, SVal Place, Kind K) {
			if (isUntouched(State, Place) && (isNotNull(State, load(State, Place)) ||
							  (State->contains<InUse>(R) && !isAsked(State, At, R))))
				Lost = F;
		});
		if (Lost)
			report(C, State, Call.getOriginExpr(), "owner-overwritten", Twine("memset() overwrites '") + Lost->getName() +
			       "', which may own something here: end what it owns before, or set the other members one by one");
	}

	// --- locks that are taken by hand ---

	// 1: a function that takes a lock and cannot fail; -1: one that gives it up.
	static int lockedBy(StringRef N)
	{
		for (StringRef Prefix : { "pthread_mutex_", "pthread_spin_", "mutex_", "spin_", "raw_spin_", "_raw_spin_" })
			if (N.consume_front(Prefix))
				return N.starts_with("unlock") ? -1 : N.starts_with("lock") && !N.contains("able");
		return 0;
	}

	static const ValueDecl *declOf(const MemRegion *R)
	{
		const auto *V = dyn_cast<VarRegion>(R);
		const auto *F = dyn_cast<FieldRegion>(R);

		return V ? static_cast<const ValueDecl *>(V->getDecl()) : F ? F->getDecl() : nullptr;
	}

	static void noteByHand(const CallEvent &Call, CheckerContext &C)
	{
		int By = Call.getNumArgs() ? lockedBy(nameOf(Call)) : 0;
		const MemRegion *R = By ? Call.getArgSVal(0).getAsRegion() : nullptr;
		const auto *E = dyn_cast_or_null<Expr>(Call.getOriginExpr());
		ProgramStateRef State = C.getState();

		if (R && By < 0)
			C.addTransition(State->remove<ByHand>(R));
		else if (R && E && !C.getStackFrame()->getParentMap().isConsumedExpr(const_cast<Expr *>(E)))
			C.addTransition(State->set<ByHand>(R, C.getStackFrame()));
	}

	// The function gives the lock up on another way, and not by a deferred call.
	static bool unlocks(const FunctionDecl *FD, const ValueDecl *Lock)
	{
		return any(FD->getBody(), [&](const Stmt *S) {
			       const auto *Call = dyn_cast<CallExpr>(S);
			       const FunctionDecl *To = Call ? Call->getDirectCallee() : nullptr;

			       return To && Call->getNumArgs() && lockedBy(To->getName()) < 0 && names(Call->getArg(0), Lock);
		       }) && !any(FD->getBody(), [&](const Stmt *S) {
			       const auto *DS = dyn_cast<DeclStmt>(S);
			       const auto *V = DS && DS->isSingleDecl() ? dyn_cast<VarDecl>(DS->getSingleDecl()) : nullptr;

			       return V && V->hasAttr<CleanupAttr>() && names(V->getInit(), Lock);
		       });
	}

	void checkByHand(const ReturnStmt *RS, CheckerContext &C) const
	{
		const auto *FD = dyn_cast<FunctionDecl>(C.getStackFrame()->getDecl());
		ProgramStateRef State = C.getState();
		const Expr *Value = RS ? RS->getRetValue() : nullptr;
		const llvm::APSInt *N = Value ? C.getSVal(Value).getAsInteger() : nullptr;

		if (FD && N && N->isNegative())
			for (auto P : State->get<ByHand>())
				if (const ValueDecl *Lock = declOf(P.first);
				    P.second == C.getStackFrame() && Lock && unlocks(FD, Lock)) {
					report(C, State, RS, "try-past-held", Twine("the error is returned with '") + nameOf(P.first) +
					       "' still locked: unlock it before");
					return;
				}
	}

	// --- guards of what is freed ---

	// Whether a lock that is part of *@Object is what an expression names.
	static bool namesPart(const Stmt *In, const ValueDecl *Object)
	{
		return any(In, [&](const Stmt *S) {
			const auto *U = dyn_cast<UnaryOperator>(S);
			const Expr *E = U && U->getOpcode() == UO_AddrOf ? U->getSubExpr()->IgnoreParenCasts() : nullptr;
			const auto *M = dyn_cast_or_null<MemberExpr>(E);

			while (M && !M->isArrow())
				M = dyn_cast<MemberExpr>(M->getBase()->IgnoreParenCasts());
			const auto *R = M ? dyn_cast<DeclRefExpr>(M->getBase()->IgnoreParenCasts()) : nullptr;
			return R && R->getDecl() == Object;
		});
	}

	// The guard whose scope goes on behind the call that frees its object.
	bool endsInGuard(const CallEvent &Call, CheckerContext &C) const
	{
		const auto *Arg = dyn_cast<DeclRefExpr>(Call.getArgExpr(0)->IgnoreParenCasts());
		const ParentMap &PM = C.getStackFrame()->getParentMap();

		for (const Stmt *Below = Call.getOriginExpr(), *S = Below; Arg && S; Below = S, S = PM.getParent(S))
			if (isa<CompoundStmt>(S))
				for (const Stmt *X : S->children()) {
					const auto *DS = dyn_cast<DeclStmt>(X);
					const auto *V = DS ? dyn_cast<VarDecl>(*DS->decl_begin()) : nullptr;

					if (X == Below)
						break;
					// The pointer that the guard has.
					if (V && V->getName().starts_with("hf_locked_") && namesPart(V->getInit(), Arg->getDecl())) {
						report(C, C.getState(), Call.getOriginExpr(), "borrow-outlives-owner", Twine("'") +
						       V->getName().drop_front(10) + "' holds a lock in '" + Arg->getDecl()->getName() +
						       "', and gives it up after the object is freed: end its scope before");
						return true;
					}
				}
		return false;
	}

	// --- borrows that are freed ---

	static bool isDropFn(const FunctionDecl *FD, const TranslationUnitDecl *TU)
	{
		return llvm::any_of(TU->decls(), [&](const Decl *D) {
			const auto *Drop = dyn_cast<FunctionDecl>(D);

			return Drop && Drop->hasBody() && isDrop(Drop->getName()) && any(Drop->getBody(), [&](const Stmt *S) {
				const auto *Call = dyn_cast<CallExpr>(S);

				return Call && Call->getDirectCallee() &&
				       Call->getDirectCallee()->getCanonicalDecl() == FD->getCanonicalDecl();
			});
		});
	}

	// A drop function that is called with a borrow of what still has its owner.
	bool freesBorrow(const CallEvent &Call, CheckerContext &C) const
	{
		const auto *FD = dyn_cast_or_null<FunctionDecl>(Call.getDecl());
		const Expr *Arg = Call.getNumArgs() == 1 ? Call.getArgExpr(0) : nullptr;
		const Stmt *Of = nullptr;

		if (!FD || !Arg)
			return false;
		any(Arg, [&](const Stmt *S) {
			const auto *DS = dyn_cast<DeclStmt>(S);
			const auto *V = DS ? dyn_cast<VarDecl>(*DS->decl_begin()) : nullptr;

			// The variable of hf_ref() and hf_mut().
			if (V && V->getName() == "hf_o_" && V->getInit())
				if (const auto *U = dyn_cast<UnaryOperator>(V->getInit()->IgnoreParenCasts()))
					Of = U->getSubExpr()->IgnoreParens();
			return Of != nullptr;
		});
		if (!Of || !(isFree(FD->getName()) || isDropFn(FD, C.getASTContext().getTranslationUnitDecl())))
			return false;
		const SourceManager &SM = C.getSourceManager();
		StringRef Owner = Lexer::getSourceText(CharSourceRange::getTokenRange(SM.getSpellingLoc(Of->getBeginLoc()),
									       SM.getSpellingLoc(Of->getEndLoc())), SM, C.getLangOpts());
		report(C, C.getState(), Call.getOriginExpr(), "owner-of-other-type", Twine("this frees what '") + Owner +
		       "' still owns: drop the owner, by hf_drop() or name_own_drop()");
		return true;
	}

	// --- threads ---

	static bool isThread(const FunctionDecl *FD, const TranslationUnitDecl *TU)
	{
		return llvm::any_of(TU->decls(), [&](const Decl *D) {
			const auto *Enter = dyn_cast<FunctionDecl>(D);

			return Enter && Enter->hasBody() && Enter->getName().ends_with("_enter_") &&
			       Enter->getReturnType()->isIntegerType() && Enter->getNumParams() == 1 &&
			       Enter->getParamDecl(0)->getType()->isVoidPointerType() &&
			       any(Enter->getBody(), [&](const Stmt *S) {
				       const auto *Call = dyn_cast<CallExpr>(S);

				       return Call && Call->getDirectCallee() &&
					      Call->getDirectCallee()->getCanonicalDecl() == FD->getCanonicalDecl();
			       });
		});
	}

	// Whether a loop has no condition, and nothing in it leaves it.
	static bool isEndless(const Stmt *S)
	{
		const auto *For = dyn_cast<ForStmt>(S);
		const auto *While = dyn_cast<WhileStmt>(S);
		const Expr *Cond = For ? For->getCond() : While ? While->getCond() : nullptr;
		const auto *Always = dyn_cast_or_null<IntegerLiteral>(Cond ? Cond->IgnoreParenCasts() : nullptr);

		if ((!For && !While) || (Cond && !(Always && Always->getValue() != 0)))
			return false;
		return !any(For ? For->getBody() : While->getBody(), [](const Stmt *X) {
			return isa<ReturnStmt>(X) || isa<BreakStmt>(X) || isa<GotoStmt>(X);
		});
	}

	// --- what one function leaves in a member ---

	// The member that an expression names first, and the variable that it is reached by.
	static const FieldDecl *memberIn(const Stmt *In, const VarDecl **By = nullptr)
	{
		const FieldDecl *Found = nullptr;

		any(In, [&](const Stmt *S) {
			const auto *M = dyn_cast<MemberExpr>(S);
			const auto *F = M ? dyn_cast<FieldDecl>(M->getMemberDecl()) : nullptr;

			if (!F || F->getName().ends_with("_") || F->getName() == "own" || F->getName() == "due")
				return false;
			const auto *R = dyn_cast<DeclRefExpr>(M->getBase()->IgnoreParenCasts());
			if (By)
				*By = R ? dyn_cast<VarDecl>(R->getDecl()) : nullptr;
			Found = F;
			return true;
		});
		return Found;
	}

	// Whether a function borrows what a member owns, and never asks whether it owns something.
	static bool relies(const FunctionDecl *FD, const FieldDecl *F)
	{
		bool Borrows = false, Asks = false;

		any(FD->getBody(), [&](const Stmt *S) {
			const auto *DS = dyn_cast<DeclStmt>(S);
			const auto *V = DS && DS->isSingleDecl() ? dyn_cast<VarDecl>(DS->getSingleDecl()) : nullptr;
			const CallExpr *Empty = callOf(S, "hf_is_empty_");

			Borrows |= V && V->getName() == "hf_o_" && names(V->getInit(), F);
			Asks |= Empty && names(Empty, F);
			return false;
		});
		return Borrows && !Asks;
	}

	// An owner that is taken out, worked on and set again, but not on an error.
	void checkPutBack(const FunctionDecl *FD, BugReporter &BR) const
	{
		const SourceManager &SM = BR.getSourceManager();
		const VarDecl *Taken = nullptr;
		const FieldDecl *From = nullptr;
		const Stmt *Left = nullptr;
		llvm::SmallPtrSet<const Stmt *, 32> Meant;
		bool Moved = false;
		unsigned Sets = 0;

		any(FD->getBody(), [&](const Stmt *S) {
			const auto *DS = dyn_cast<DeclStmt>(S);
			const auto *V = DS && DS->isSingleDecl() ? dyn_cast<VarDecl>(DS->getSingleDecl()) : nullptr;
			const CallExpr *Set = callOf(S, "hf_set_");

			if (V && V->hasAttr<CleanupAttr>() && isDrop(V->getAttr<CleanupAttr>()->getFunctionDecl()->getName()) && !From)
				any(V->getInit(), [&](const Stmt *X) {
					const CallExpr *Take = callOf(X, "hf_take_");

					const VarDecl *By = nullptr;
					const FieldDecl *F = Take ? memberIn(Take->getArg(0), &By) : nullptr;

					// The object lives on.
					if (F && !F->getType()->isArrayType() && isa_and_nonnull<ParmVarDecl>(By)) {
						From = F;
						Taken = V;
					}
					return From != nullptr;
				});
			// It was empty, or was given away.
			if (const auto *If = dyn_cast<IfStmt>(S); If && Taken && names(If->getCond(), Taken))
				any(If->getThen(), [&](const Stmt *X) { return Meant.insert(X), false; });
			if (const CallExpr *Move = Taken ? callOf(S, "hf_move_") : nullptr; Move && names(Move, Taken))
				Moved = true;
			const auto *R = dyn_cast<ReturnStmt>(S);
			Expr::EvalResult Value;
			if (From && R && !Moved && !Left && !Meant.count(R) && R->getRetValue() &&
			    (byHeader(R->getBeginLoc(), SM) ||
			     (R->getRetValue()->EvaluateAsInt(Value, FD->getASTContext()) && Value.Val.getInt().isNegative())))
				Left = S;
			if (Set && From && memberIn(Set->getArg(0)) == From)
				Sets += names(Set->getArg(1), Taken) ? 1 : 2;
			return false;
		});
		if (!Left || Sets != 1)
			return;
		const FunctionDecl *Who = nullptr;
		eachFunction(FD->getASTContext(), [&](const FunctionDecl *X) {
			if (X != FD && relies(X, From))
				Who = X;
		});
		if (Who)
			reportIn(BR, Left->getBeginLoc(), "empty-owner", "an error ends '" + Taken->getName() + "' here, and '" + From->getName() +
				 "', which it was taken from, stays empty: '" + Who->getName() + "' borrows it without a look: set it again before, "
				 "or do not take it out");
	}

	// The members that a condition asks.
	template <typename F> static bool asksIn(const Stmt *Body, F Is)
	{
		return any(Body, [&](const Stmt *S) {
			const auto *If = dyn_cast<IfStmt>(S);
			const auto *Choice = dyn_cast<ConditionalOperator>(S);

			return any(If ? If->getCond() : Choice ? Choice->getCond() : nullptr, [&](const Stmt *X) {
				const auto *M = dyn_cast<MemberExpr>(X);
				const auto *D = M ? dyn_cast<FieldDecl>(M->getMemberDecl()) : nullptr;

				return D && Is(D);
			});
		});
	}

	static const FieldDecl *counted(const Stmt *S)
	{
		const auto *U = dyn_cast<UnaryOperator>(S);
		const auto *M = U && U->isIncrementOp() ? dyn_cast<MemberExpr>(U->getSubExpr()->IgnoreParens()) : nullptr;

		return M ? dyn_cast<FieldDecl>(M->getMemberDecl()) : nullptr;
	}

	// A function that counts its calls, and fills under a lock what it never looks at, though others do.
	void checkOverfull(const FunctionDecl *FD, BugReporter &BR) const
	{
		const SourceManager &SM = BR.getSourceManager();

		any(FD->getBody(), [&](const Stmt *S) {
			const CallExpr *Set = callOf(S, "hf_set_") ? callOf(S, "hf_set_") : callOf(S, "hf_due_set_");
			const VarDecl *By = nullptr;
			const Expr *Place = Set ? Set->getArg(0) : nullptr;
			llvm::SmallSet<SourceLocation, 4> Named;

			// The variable of hf_token_set().
			if (const VarDecl *V = Place ? variableIn(Place) : nullptr; V && V->getName() == "hf_place_")
				Place = V->getInit();
			const FieldDecl *F = Place ? memberIn(Place, &By) : nullptr;
			if (!F || !By || !By->hasInit() || !names(By->getInit(), "hf_guarded_") || F->getType()->isArrayType())
				return false;
			any(FD->getBody(), [&](const Stmt *X) {
				const auto *M = dyn_cast<MemberExpr>(X);
				if (M && M->getMemberDecl() == F)
					Named.insert(SM.getSpellingLoc(M->getMemberLoc()));
				return false;
			});
			bool Counts = any(FD->getBody(), [&](const Stmt *X) {
				const FieldDecl *N = counted(X);
				return N && N->getParent() == F->getParent();
			});
			bool Called = false, Asked = false;
			eachFunction(FD->getASTContext(), [&](const FunctionDecl *X) {
				Called |= X != FD && names(X->getBody(), FD);
				Asked |= any(X->getBody(), [&](const Stmt *Y) {
					const auto *Owed = dyn_cast<MemberExpr>(Y);
					return (callOf(Y, "hf_is_empty_") || (Owed && Owed->getMemberDecl()->getName() == "owed_")) && names(Y, F);
				});
			});
			if (Named.size() == 1 && Counts && Asked && !Called &&
			    !asksIn(FD->getBody(), [&](const FieldDecl *X) { return X->getParent() == F->getParent(); }))
				reportIn(BR, Set->getBeginLoc(), "owner-overwritten", "'" + F->getName() + "' may still own what an earlier call of '" +
					 FD->getName() + "' put there, and then this stops: ask before, or give what was there back by hf_replace()");
			return false;
		});
	}

	// if (s->users++) return 0;  The first user's steps may fail, and then it is no user.
	void checkCount(const FunctionDecl *FD, BugReporter &BR) const
	{
		any(FD->getBody(), [&](const Stmt *S) {
			const auto *If = dyn_cast<IfStmt>(S);
			const FieldDecl *F = nullptr;
			const Stmt *Failed = nullptr;
			bool Behind = false, Undone = false;

			if (!If)
				return false;
			// x->users++, ++x->users > 1, x->users++ != 0
			const Expr *Cond = If->getCond()->IgnoreParenImpCasts();
			if (const auto *B = dyn_cast<BinaryOperator>(Cond))
				if (Expr::EvalResult Low; (B->getOpcode() == BO_GT || B->getOpcode() == BO_NE) &&
				    B->getRHS()->EvaluateAsInt(Low, FD->getASTContext()))
					if (const auto *U = dyn_cast<UnaryOperator>(B->getLHS()->IgnoreParenImpCasts());
					    U && Low.Val.getInt() == (U->isPrefix() ? 1 : 0))
						Cond = U;
			F = counted(Cond);
			const auto *Then = If->getThen();
			if (const auto *Body = dyn_cast<CompoundStmt>(Then); Body && Body->size() == 1)
				Then = *Body->body_begin();
			const auto *Early = dyn_cast<ReturnStmt>(Then);
			Expr::EvalResult Zero;
			if (!F || !Early || !Early->getRetValue() || !Early->getRetValue()->EvaluateAsInt(Zero, FD->getASTContext()) ||
			    Zero.Val.getInt() != 0)
				return false;
			any(FD->getBody(), [&](const Stmt *X) {
				const auto *R = dyn_cast<ReturnStmt>(X);
				const auto *B = dyn_cast<BinaryOperator>(X);
				const auto *U = dyn_cast<UnaryOperator>(X);
				const Expr *To = B && B->isAssignmentOp() ? B->getLHS() : U && U->isDecrementOp() ? U->getSubExpr() : nullptr;
				const auto *Call = dyn_cast<CallExpr>(X);
				Expr::EvalResult Value;

				Behind |= X == Early;
				Undone |= To && names(To, F);
				Undone |= Call && Call->getDirectCallee() && !byHeader(Call->getDirectCallee(), BR.getSourceManager()) &&
					  names(Call->getDirectCallee(), F);
				if (Behind && R && R != Early && R->getRetValue() && !Failed &&
				    (!R->getRetValue()->EvaluateAsInt(Value, FD->getASTContext()) || Value.Val.getInt() != 0))
					Failed = R;
				return false;
			});
			if (Failed && !Undone)
				reportIn(BR, Failed->getBeginLoc(), "try-past-held", "the error is returned with '" + F->getName() +
					 "' counted up, and the next call takes the first step for done: count when all is done, or count down before");
			return false;
		});
	}

	// --- objects that nobody frees ---

	static bool getsObject(const CallExpr *Call, const ValueDecl *Object)
	{
		return llvm::any_of(Call->arguments(), [&](const Expr *A) { return names(A, Object) && A->getType()->isPointerType(); });
	}

	// The last function of the drop of an object that hf_new() made does not pass it on to anybody who may free it.
	void checkFreed(const FunctionDecl *FD, BugReporter &BR) const
	{
		const SourceManager &SM = BR.getSourceManager();
		const TranslationUnitDecl *TU = FD->getASTContext().getTranslationUnitDecl();
		const auto *Body = cast<CompoundStmt>(FD->getBody());

		if (FD->getNumParams() != 1 || Body->body_empty() || !recordOf(FD->getParamDecl(0)->getType()->getPointeeType()))
			return;
		for (const Decl *D : TU->decls()) {
			const auto *Drop = dyn_cast<FunctionDecl>(D);
			const FunctionDecl *Last = nullptr;
			bool Frees = false, Made = false;
			Functions All;

			if (!Drop || !Drop->hasBody() || !(Drop->getName().ends_with("_own_drop") || Drop->getName().ends_with("_arc_drop")) ||
			    !byHeader(Drop, SM))
				continue;
			reach(Drop, All);
			if (!All.contains(FD))
				continue;
			for (const FunctionDecl *X : All)
				// Vectors and their like free memory of their own.
				any(byHeader(X, SM) && !X->getName().starts_with(Drop->getName().drop_back(4)) ? nullptr : X->getBody(), [&](const Stmt *S) {
					const auto *Call = dyn_cast<CallExpr>(S);
					const FunctionDecl *To = Call ? Call->getDirectCallee() : nullptr;

					// It goes back to where it came from.
					const auto *B = dyn_cast<BinaryOperator>(S);
					Frees |= B && B->isAssignmentOp() && B->getType()->isPointerType() && X->getNumParams() &&
						 names(B->getRHS(), X->getParamDecl(0));
					Frees |= To && isFree(To->getName());
					if (!Call || (To && (To->getBuiltinID() || To->hasBody())))
						return Frees;
					// Somebody who may free it.
					Frees |= !To ||
						 (Call->getNumArgs() && Call->getArg(0)->getType()->isPointerType() &&
						  (byHeader(X, SM) || (X->getNumParams() && getsObject(Call, X->getParamDecl(0)))));
					return Frees;
				});
			eachFunction(FD->getASTContext(), [&](const FunctionDecl *X) {
				Made |= any(X->getBody(), [&](const Stmt *S) {
					return callOf(S, (Drop->getName().drop_back(4) + "new_").str()) != nullptr;
				});
			});
			// Destroyed first, released then.
			eachFunction(FD->getASTContext(), [&](const FunctionDecl *X) {
				if (All.contains(X) && X->getNumParams() == 1 && X->getParamDecl(0)->getType() == FD->getParamDecl(0)->getType())
					Last = X;
			});
			if (Made && !Frees && Last == FD)
				reportIn(BR, Body->body_back()->getBeginLoc(), "member-not-dropped", "'" + FD->getName() +
					 "' ends an object of hf_new(), and its memory is not freed: call hf_free() last");
		}
	}

	// A member of a structure of this file gets what was leaked, and nothing in the file makes it an owner again.
	void checkLeaked(const FunctionDecl *FD, BugReporter &BR) const
	{
		const SourceManager &SM = BR.getSourceManager();
		const TranslationUnitDecl *TU = FD->getASTContext().getTranslationUnitDecl();

		any(FD->getBody(), [&](const Stmt *S) {
			const auto *B = dyn_cast<BinaryOperator>(S);
			const VarDecl *Owner = B && B->getOpcode() == BO_Assign ? leakedBy(B->getRHS()) : nullptr;
			const FieldDecl *F = Owner ? memberIn(B->getLHS()) : nullptr;
			const RecordDecl *Of = F && F->getType()->isPointerType() ? recordOf(F->getType()->getPointeeType()) : nullptr;
			bool Taken = false;

			if (!Of || !SM.isInMainFile(SM.getExpansionLoc(F->getLocation())))
				return false;
			eachFunction(FD->getASTContext(), [&](const FunctionDecl *X) {
				if (isDropFn(X, TU))
					return;
				Taken |= recordOf(X->getReturnType()->getPointeeType()) == Of;
				Taken |= any(X->getBody(), [&](const Stmt *Y) {
					const auto *Call = dyn_cast<CallExpr>(Y);
					const FunctionDecl *To = Call ? Call->getDirectCallee() : nullptr;

					if (!Call || (To && byHeader(To, SM) && !isAdoption(To->getName()) && !isFree(To->getName())))
						return false;
					// It is adopted, or somebody else may do that.
					return llvm::any_of(Call->arguments(), [&](const Expr *A) {
						QualType T = A->IgnoreParenCasts()->getType();
						return T->isPointerType() && recordOf(T->getPointeeType()) == Of;
					});
				});
			});
			if (!Taken)
				reportIn(BR, B->getBeginLoc(), "owner-ignored", "'" + F->getName() + "' gets what '" + Owner->getName() +
					 "' owned, and nothing in this file makes it an owner again: hf_adopt_unchecked() it where it is taken out");
			return false;
		});
	}

	// Whether a function makes a reference of its own from a parameter, and does nothing else that keeps it.
	static bool onlyBorrows(const FunctionDecl *FD, const ParmVarDecl *P)
	{
		bool Refers = false, Keeps = false;

		any(FD->getBody(), [&](const Stmt *S) {
			const auto *Call = dyn_cast<CallExpr>(S);
			const FunctionDecl *To = Call ? Call->getDirectCallee() : nullptr;
			const auto *B = dyn_cast<BinaryOperator>(S);
			const auto *R = dyn_cast<ReturnStmt>(S);

			if (To && To->getName().ends_with("_arc_from_") && names(Call, P))
				Refers = true;
			else if (To && (isAdoption(To->getName()) || isFree(To->getName()) || To->getName().ends_with("put")) && names(Call, P))
				Keeps = true;
			Keeps |= B && B->isAssignmentOp() && B->getType()->isPointerType() && names(B->getRHS(), P);
			Keeps |= R && R->getRetValue() && R->getRetValue()->getType()->isPointerType() && names(R->getRetValue(), P);
			return false;
		});
		return Refers && !Keeps;
	}

	void checkLeakedTo(const FunctionDecl *FD, BugReporter &BR) const
	{
		any(FD->getBody(), [&](const Stmt *S) {
			const auto *Call = dyn_cast<CallExpr>(S);
			const FunctionDecl *To = Call && Call->getDirectCallee() ? Call->getDirectCallee()->getDefinition() : nullptr;

			if (To && !byHeader(To, BR.getSourceManager()))
				for (unsigned I = 0; I < std::min(Call->getNumArgs(), To->getNumParams()); I++)
					if (const VarDecl *Owner = leakedBy(Call->getArg(I)); Owner && onlyBorrows(To, To->getParamDecl(I)))
						reportIn(BR, Call->getBeginLoc(), "owner-ignored", "'" + To->getName() + "' makes a reference of its own, and "
							 "the one that '" + Owner->getName() + "' gives up is never put: lend it, by hf_ref() or hf_ref_raw()");
			return false;
		});
	}

	// --- members that one function forgets ---

	// What a list or map has elements of, if it owns them alone.
	static const RecordDecl *elementOf(const FieldDecl *F)
	{
		const RecordDecl *D = recordOf(F->getType());
		const RecordDecl *Found = nullptr;

		if (D && kindOf(D) == Linked)
			for (const Decl *X : D->getASTContext().getTranslationUnitDecl()->decls()) {
				const auto *FD = dyn_cast<FunctionDecl>(X);

				if (FD && FD->hasBody() && FD->getIdentifier() && FD->getName() == (D->getName() + "_of_").str())
					Found = recordOf(FD->getReturnType()->getPointeeType());
			}
		return Found;
	}

	// Whether a call of a list's function takes an element out of this member, to drop it at once.
	static bool dropsFrom(const Stmt *S, const FieldDecl *List)
	{
		const auto *Call = dyn_cast<CallExpr>(S);
		const FunctionDecl *To = Call ? Call->getDirectCallee() : nullptr;
		StringRef N = To && To->getIdentifier() ? To->getName() : "";

		return (N.ends_with("_remove") || N.ends_with("_remove_key") || N.contains("_pop_")) && Call->getNumArgs() && memberIn(Call->getArg(0)) == List &&
		       N.starts_with(recordOf(List->getType())->getName());
	}

	// The call of such a function whose owner nothing but its scope's end takes.
	static const Stmt *dropIn(const FunctionDecl *FD, const FieldDecl *List)
	{
		const Stmt *Found = nullptr;

		any(FD->getBody(), [&](const Stmt *S) {
			const auto *DS = dyn_cast<DeclStmt>(S);
			const auto *V = DS && DS->isSingleDecl() ? dyn_cast<VarDecl>(DS->getSingleDecl()) : nullptr;
			const Stmt *Out = nullptr;

			// The variable of hf_drop_ok(), or of hf_let().
			if (!V || !V->getInit() || Found)
				return false;
			any(V->getInit(), [&](const Stmt *X) { return dropsFrom(X, List) && (Out = X); });
			if (!Out || (!V->hasAttr<CleanupAttr>() && !V->getName().starts_with("hf_")))
				return false;
			if (V->hasAttr<CleanupAttr>() && !isDrop(V->getAttr<CleanupAttr>()->getFunctionDecl()->getName()))
				return false;
			bool Moved = any(FD->getBody(), [&](const Stmt *X) {
				const CallExpr *Move = callOf(X, "hf_move_");
				return Move && names(Move, V);
			});
			bool Drops = V->hasAttr<CleanupAttr>() || any(FD->getBody(), [&](const Stmt *X) {
				const auto *Call = dyn_cast<CallExpr>(X);
				return Call && Call->getDirectCallee() && Call->getDirectCallee()->getIdentifier() &&
				       isDrop(Call->getDirectCallee()->getName()) && names(Call, V);
			});
			if (!Moved && Drops)
				Found = Out;
			return false;
		});
		return Found;
	}

	// Whether a condition asks what an element is, other than whether it is the one that a parameter says.
	static bool asksElement(const FunctionDecl *FD, const RecordDecl *T)
	{
		return any(FD->getBody(), [&](const Stmt *S) {
			const auto *If = dyn_cast<IfStmt>(S);
			const auto *Choice = dyn_cast<ConditionalOperator>(S);
			const auto *While = dyn_cast<WhileStmt>(S);
			const Stmt *Cond = If ? If->getCond() : Choice ? Choice->getCond() : While ? While->getCond() : nullptr;
			bool Asks = any(Cond, [&](const Stmt *X) {
				const auto *M = dyn_cast<MemberExpr>(X);
				return M && dyn_cast<FieldDecl>(M->getMemberDecl()) && cast<FieldDecl>(M->getMemberDecl())->getParent() == T;
			});

			return Asks && !any(Cond, [](const Stmt *X) {
				const auto *R = dyn_cast<DeclRefExpr>(X);
				return R && isa<ParmVarDecl>(R->getDecl()) && !R->getType()->isPointerType();
			});
		});
	}

	// A function that goes by the pointer alone: it asks whether there is one, and uses what it points to.
	static bool goesBy(const FunctionDecl *FD, const FieldDecl *Pointer, const FieldDecl *List)
	{
		bool Uses = false;

		if (names(FD->getBody(), List))
			return false;
		any(FD->getBody(), [&](const Stmt *S) {
			const auto *M = dyn_cast<MemberExpr>(S);
			const auto *Of = M && M->isArrow() ? dyn_cast<MemberExpr>(M->getBase()->IgnoreParenCasts()) : nullptr;
			return Uses |= Of && Of->getMemberDecl() == Pointer, false;
		});
		return Uses;
	}

	// Whether a function that works with the list sets the pointer, and not to what another member has.
	static bool assignsElement(const FunctionDecl *FD, const FieldDecl *Pointer, const FieldDecl *List)
	{
		return names(FD->getBody(), List) && any(FD->getBody(), [&](const Stmt *S) {
			const auto *B = dyn_cast<BinaryOperator>(S);

			if (!B || B->getOpcode() != BO_Assign || memberIn(B->getLHS()) != Pointer || !isa<MemberExpr>(B->getLHS()->IgnoreParens()))
				return false;
			const FieldDecl *From = memberIn(B->getRHS());
			return (!From || From == List) && !B->getRHS()->isNullPointerConstant(FD->getASTContext(), Expr::NPC_ValueDependentIsNull);
		});
	}

	// A structure points to an element of its list, and a function takes elements out and drops them without a look.
	void checkForgotten(const FunctionDecl *FD, BugReporter &BR) const
	{
		std::set<const FieldDecl *> Lists;

		any(FD->getBody(), [&](const Stmt *S) {
			const auto *M = dyn_cast<MemberExpr>(S);
			const auto *F = M ? dyn_cast<FieldDecl>(M->getMemberDecl()) : nullptr;

			if (F && recordOf(F->getType()) && kindOf(recordOf(F->getType())) == Linked)
				Lists.insert(F);
			return false;
		});
		for (const FieldDecl *List : Lists) {
			const RecordDecl *T = elementOf(List);
			const Stmt *Drop = T ? dropIn(FD, List) : nullptr;

			if (!Drop || asksElement(FD, T))
				continue;
			for (const FieldDecl *P : List->getParent()->fields()) {
				const FunctionDecl *User = nullptr;
				bool Set = false, Known = false;

				if (!P->getType()->isPointerType() || recordOf(P->getType()->getPointeeType()) != T || names(FD, P))
					continue;
				eachFunction(FD->getASTContext(), [&](const FunctionDecl *X) {
					Set |= assignsElement(X, P, List);
					// A caller, or one that drops the object.
					Known |= X != FD && names(X->getBody(), FD) && names(X->getBody(), P);
					if (!User && X != FD && goesBy(X, P, List))
						User = X;
				});
				if (Set && User && !Known)
					reportIn(BR, Drop->getBeginLoc(), "borrow-outlives-owner", "'" + P->getName() + "' may point to the element that is "
						 "dropped here, and '" + User->getName() + "' uses it: set '" + P->getName() + "' to NULL, if it does");
			}
		}
	}

public:
	void checkASTCodeBody(const Decl *D, AnalysisManager &Mgr, BugReporter &BR) const
	{
		const auto *FD = dyn_cast<FunctionDecl>(D);
		const Stmt *Loop = nullptr;
		Functions All;

		if (!FD || byHeader(FD, BR.getSourceManager()))
			return;
		checkPutBack(FD, BR);
		checkOverfull(FD, BR);
		checkCount(FD, BR);
		checkFreed(FD, BR);
		checkLeaked(FD, BR);
		checkLeakedTo(FD, BR);
		checkForgotten(FD, BR);
		any(FD->getBody(), [&](const Stmt *S) { return Loop = Loop || !isEndless(S) ? Loop : S, false; });
		if (!Loop || !isThread(FD, Mgr.getASTContext().getTranslationUnitDecl()))
			return;
		reach(FD, All);
		if (llvm::none_of(All, [](const FunctionDecl *F) { return F->getName() == "hf_thread_should_stop"; }))
			reportIn(BR, Loop->getBeginLoc(), "callback-outlives-data", Twine("the loop of the thread '") + FD->getName() +
				 "' never ends, and the drop of the thread waits for that: ask hf_thread_should_stop() in each turn");
	}

	void checkLocation(SVal L, bool IsLoad, const Stmt *, CheckerContext &C) const
	{
		const auto *F = dyn_cast_or_null<FieldRegion>(L.getAsRegion());
		ProgramStateRef State = C.getState();

		if (!F || !IsLoad || !isa<SymbolicRegion>(F->getBaseRegion()) || State->contains<InUse>(F->getSuperRegion()) ||
		    byHeader(C.getStackFrame()->getDecl(), C.getSourceManager()))
			return;
		if (contains(C.getASTContext().getCanonicalTagType(F->getDecl()->getParent()), "moves_only_"))
			C.addTransition(State->add<InUse>(F->getSuperRegion()));
	}

	void checkBind(SVal L, SVal V, const Stmt *, bool, CheckerContext &C) const
	{
		const auto *F = dyn_cast_or_null<FieldRegion>(L.getAsRegion());
		ProgramStateRef State = C.getState();

		// A plain variable does not keep it, unless it is a part of what others have.
		const MemRegion *Value = V.getAsRegion();
		if (const auto *X = dyn_cast_or_null<VarRegion>(L.getAsRegion());
		    !X || !X->getValueType()->isPointerType() || X->getDecl()->hasAttr<CleanupAttr>() ||
		    (Value && !isa<SymbolicRegion>(Value->StripCasts())))
			State = taken(State, V);
		if (F && F->getValueType()->isPointerType())
			State = V.isZeroConstant() ? State->add<Cleared>(F) : State->remove<Cleared>(F);
		if (State != C.getState())
			C.addTransition(State);
	}

	void checkLiveSymbols(ProgramStateRef State, SymbolReaper &SR) const
	{
		for (auto P : State->get<Adopted>()) {
			SR.markLive(P.first);
			if (const auto *X = dyn_cast<SymbolicRegion>(P.second.From->getBaseRegion()))
				SR.markLive(X->getSymbol());
		}
	}

	// --- what hf_leak() gave ---

	static bool reaches(ProgramStateRef State, SVal V, SymbolRef Sym)
	{
		struct Finder : SymbolVisitor {
			SymbolRef Sym;
			bool Found = false;

			explicit Finder(SymbolRef S) : Sym(S) {}
			bool VisitSymbol(SymbolRef S) override { return !(Found |= S == Sym); }
		} F(Sym);

		State->scanReachableSymbols(V, F);
		return F.Found;
	}

	// Somebody else has what a value leads to.
	static ProgramStateRef taken(ProgramStateRef State, SVal V)
	{
		for (auto P : State->get<Leaked>())
			if (reaches(State, V, P.first))
				State = State->remove<Leaked>(P.first);
		return State;
	}

	// Whether the pointer is not used: the object was given away before.
	static bool isIgnored(CheckerContext &C, const Expr *Leak)
	{
		const auto *X = dyn_cast_or_null<CastExpr>(C.getStackFrame()->getParentMap().getParentIgnoreParens(Leak));

		while (X && X->getCastKind() != CK_ToVoid)
			X = dyn_cast_or_null<CastExpr>(C.getStackFrame()->getParentMap().getParentIgnoreParens(X));
		return X;
	}

	ProgramStateRef checkPointerEscape(ProgramStateRef State, const InvalidatedSymbols &Escaped, const CallEvent *,
					   PointerEscapeKind) const
	{
		for (SymbolRef Sym : Escaped)
			State = State->remove<Leaked>(Sym);
		return State;
	}

	void checkPreStmt(const ReturnStmt *RS, CheckerContext &C) const
	{
		if (RS->getRetValue() && C.inTopFrame())
			C.addTransition(taken(C.getState(), C.getSVal(RS->getRetValue())));
	}

	void checkDeadSymbols(SymbolReaper &SR, CheckerContext &C) const
	{
		ProgramStateRef State = C.getState();

		for (auto P : State->get<Leaked>())
			if (SR.isDead(P.first)) {
				State = State->remove<Leaked>(P.first);
				if (isNull(State, loc::MemRegionVal(region(C, P.first))))
					continue;
				reportAt(C, State, P.second, "owner-ignored", Twine("on a path nobody takes what '") + leakedBy(P.second)->getName() +
					 "' owned: lend it, and call hf_leak() once the other has it, or adopt it again on an error");
				return;
			}
		if (State != C.getState())
			C.addTransition(State);
	}

	void checkPreStmt(const ImplicitCastExpr *E, CheckerContext &C) const
	{
		ProgramStateRef State = C.getState();
		const ParmVarDecl *P = E->getCastKind() == CK_LValueToRValue && owns(E->getType()) ? parameter(E->getSubExpr()) : nullptr;

		if (!P || byHeader(C.getStackFrame()->getDecl(), C.getSourceManager()))
			return;
		const Stmt *Parent = C.getStackFrame()->getParentMap().getParentIgnoreParens(E);
		const VarRegion *V = State->getRegion(P, C.getStackFrame());
		if (const auto *X = dyn_cast_or_null<CastExpr>(Parent); X && X->getCastKind() == CK_ToVoid)
			return;
		if (!givenAway(C, E, V, "both then own the same"))
			C.addTransition(State->set<Given>(V, line(C, E)));
	}

	// --- initialisers of new objects ---

	// Whether a function that hf_new_with() calls is under way, or is where the analysis began.
	static bool initialises(CheckerContext &C)
	{
		for (const StackFrame *SF = C.getStackFrame(); SF; SF = SF->getParent()) {
			const auto *Call = dyn_cast_or_null<CallExpr>(SF->getCallSite());

			if (Call && Call->getCallee() && names(Call->getCallee(), "hf_init_"))
				return true;
			if (!SF->getParent())
				return isInitialiser(dyn_cast<FunctionDecl>(SF->getDecl()));
		}
		return false;
	}

	static bool isInitialiser(const FunctionDecl *FD)
	{
		bool Found = false;

		if (FD)
			eachFunction(FD->getASTContext(), [&](const FunctionDecl *X) {
				Found = Found || any(X->getBody(), [&](const Stmt *S) {
					const auto *DS = dyn_cast<DeclStmt>(S);
					const auto *V = DS && DS->isSingleDecl() ? dyn_cast<VarDecl>(DS->getSingleDecl()) : nullptr;

					return V && V->getName() == "hf_init_" && names(V->getInit(), FD);
				});
			});
		return Found;
	}

	// An initialiser, or what it calls, works on a part of the object, and makes that ready then.
	bool usesEarly(const CallEvent &Call, CheckerContext &C) const
	{
		StringRef N = nameOf(Call);
		ProgramStateRef State = C.getState();
		bool Inits = N.ends_with("_init") || N.ends_with("_init_");
		const SourceManager &SM = C.getSourceManager();
		bool Within = false;

		if (!Call.getDecl() || !byHeader(Call.getDecl(), SM) || !initialises(C))
			return false;
		for (unsigned I = 0; I < Call.getNumArgs(); I++) {
			const auto *R = dyn_cast_or_null<FieldRegion>(Call.getArgSVal(I).getAsRegion());

			if (!R || !isa<SymbolicRegion>(R->getBaseRegion()) || !R->getValueType()->isRecordType())
				continue;
			const Stmt *const *By = Inits ? State->get<UsedNew>(R) : nullptr;
			// One macro may call several functions.
			if (By && SM.getExpansionLoc((*By)->getBeginLoc()) != SM.getExpansionLoc(Call.getOriginExpr()->getBeginLoc())) {
				reportAt(C, State, *By, "lock-not-initialised", Twine("'") + nameOf(R) + "' is used here, and initialised later, in line " +
					 Twine(line(C, Call.getOriginExpr())) + ": do that first");
				return true;
			}
			// Who gives a pointer to the place, as a guard does, does no more.
			if (!State->contains<UsedNew>(R) && !Call.getResultType()->isPointerType()) {
				State = State->set<UsedNew>(R, Call.getOriginExpr());
				Within = true;
			}
		}
		if (Within)
			C.addTransition(State);
		return false;
	}

	void checkPreCall(const CallEvent &Call, CheckerContext &C) const
	{
		StringRef N = nameOf(Call);
		ProgramStateRef State = C.getState();

		if (!Call.getOriginExpr() || byHeader(C.getStackFrame()->getDecl(), C.getSourceManager()))
			return;
		if (usesEarly(Call, C))
			return;
		State = C.getState();
		if (const Expr *Leak = N == "hf_move_" ? leakAround(C, Call.getOriginExpr()) : nullptr) {
			SymbolRef Sym = load(State, ptrPlace(State, Call.getArgSVal(0).getAsRegion())).getAsSymbol();

			if (!Sym)
				return;
			// Who gets the pointer may become its owner.
			State = State->add<Passed>(Sym);
			if (!isIgnored(C, Leak))
				State = State->set<Leaked>(Sym, Leak);
			C.addTransition(State);
			return;
		}
		if (lockedBy(N)) {
			noteByHand(Call, C);
			return;
		}
		if (freesBorrow(Call, C) || (isFree(N) && endsInGuard(Call, C)))
			return;
		if (isFree(N) || isDrop(N)) {
			for (auto P : State->get<Adopted>())
				if (isDrop(N) || P.second.From->getBaseRegion() == base(Call.getArgSVal(0)))
					State = State->remove<Adopted>(P.first);
			if (State != C.getState())
				C.addTransition(State);
			else if (isFree(N) && !losesNew(Call, C))
				checkFree(Call, C);
		}
		if (isFree(N))
			return;
		if (C.inTopFrame() && (N.ends_with("_store_") || N.ends_with("_take_")) && byHeader(Call.getDecl(), C.getSourceManager())) {
			if (const MemRegion *R = Call.getNumArgs() == (N.ends_with("_store_") ? 2 : 1) ? Call.getArgSVal(0).getAsRegion() : nullptr)
				C.addTransition(N.ends_with("_store_") ? State->set<Entrusted>(R, Call.getOriginExpr()) : State->remove<Entrusted>(R));
			return;
		}
		if (isAdoption(N) && byHeader(Call.getDecl(), C.getSourceManager())) {
			checkAdoption(Call, C);
			return;
		}
		if (N == "memset" || N == "__builtin_memset") {
			checkMemset(Call, C);
			return;
		}
		if (const auto *FD = dyn_cast_or_null<FunctionDecl>(Call.getDecl()); !FD || !FD->hasBody()) {
			for (unsigned I = 0; I < Call.getNumArgs(); I++) {
				if (SymbolRef Sym = Call.getArgSVal(I).getAsSymbol())
					State = State->add<Passed>(Sym);
				// It may undo what was done.
				if (const MemRegion *R = Call.getArgSVal(I).getAsRegion(); R && Call.getResultType()->isVoidType())
					State = State->remove<Entrusted>(R);
			}
			if (State != C.getState())
				C.addTransition(State);
			return;
		}
		if (!Call.getDecl() || !byHeader(Call.getDecl(), C.getSourceManager()) || N.starts_with("hf_ref_") || N.starts_with("hf_mut_"))
			return;
		// A loop may remove all.
		if (N.starts_with("hf_list_begin_") || N.starts_with("hf_map_begin_"))
			if (const auto *L = dyn_cast_or_null<SubRegion>(Call.getArgSVal(1).getAsRegion()))
				State = State->remove<Filled>(L->getSuperRegion());
		for (unsigned I = 0; I < Call.getNumArgs(); I++)
			if (const MemRegion *R = Call.getArgSVal(I).getAsRegion(); R && isa<SymbolicRegion>(R->getBaseRegion()))
				State = State->add<Asked>(R);
		if (State != C.getState())
			C.addTransition(State);
	}

	void checkPostCall(const CallEvent &Call, CheckerContext &C) const
	{
		StringRef Op;

		if (byHeader(C.getStackFrame()->getDecl(), C.getSourceManager()))
			return;
		if (const MemRegion *L = linked(Call, C, Op))
			afterLinked(Call, L, Op, C);
	}

	// A function that is not in the file may have emptied the list.
	ProgramStateRef checkRegionChanges(ProgramStateRef State, const InvalidatedSymbols *, ArrayRef<const MemRegion *>,
					   ArrayRef<const MemRegion *> Regions, const StackFrame *SF, const CallEvent *Call) const
	{
		if (Call && !byHeader(SF->getDecl(), State->getStateManager().getContext().getSourceManager()))
			for (auto P : State->get<Filled>())
				if (llvm::is_contained(Regions, P.first->getBaseRegion()))
					State = State->remove<Filled>(P.first);
		return State;
	}

	// Whether a value is not 0, and may be negative.
	static bool isError(ProgramStateRef State, CheckerContext &C, SVal V)
	{
		SValBuilder &B = C.getSValBuilder();
		auto Below = B.evalBinOp(State, BO_LT, V, B.makeIntVal(0, C.getASTContext().IntTy), B.getConditionType()).getAs<DefinedOrUnknownSVal>();

		return isNotNull(State, V) && Below && State->assume(*Below, true);
	}

	void checkEndFunction(const ReturnStmt *RS, CheckerContext &C) const
	{
		ProgramStateRef State = C.getState();
		const StackFrame *SF = C.getStackFrame();

		for (auto P : State->get<Adopted>())
			if (C.inTopFrame() && holder(State, P.first) == P.second.From) {
				reportAt(C, State, P.second.By, "owner-copied", Twine("'") + nameOf(P.second.From) + "' still has the "
					 "pointer when the function ends, and two may own what it points to: set it to NULL before, or make "
					 "another reference by hf_arc_from()");
				return;
			}
		checkByHand(RS, C);
		if (const Expr *Value = RS && C.inTopFrame() ? RS->getRetValue() : nullptr; Value && Value->getType()->isIntegerType())
			for (auto P : State->get<Entrusted>())
				if (isError(State, C, C.getSVal(Value)) || (isa<CallExpr>(Value->IgnoreParenCasts()) && !isNull(State, C.getSVal(Value)))) {
					report(C, State, RS, "owner-ignored", "this may return an error, and the owner that was stored by "
					       "hf_foreign_store() stays, which nobody takes out then: store it last, or take it out before");
					return;
				}
		for (auto P : State->get<Filled>()) {
			const VarRegion *V = localOf(P.first);

			if (!V || V->getStackFrame() != SF || isDeferred(SF, V->getDecl()))
				continue;
			report(C, State, RS, "list-dropped", Twine("the scope of '") + nameOf(P.first) + "' ends here, and it may have elements, "
			       "which are lost: clear it, or move them to another list by name_take_all()");
			return;
		}
	}
};

} // namespace

void registerEnds(CheckerRegistry &Registry)
{
	Registry.addChecker<Ends>("holdfast.Ends", "What is left behind, or taken twice", "");
}
