// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What comes from outside: numbers, bytes and pointers that a device, a user or a packet gave.
 *
 *   number	what is taken out of a struct hf_untrusted_* by hf_accept_any(), hf_at_most() and their like, and what is a plain
 *		number in a copy of others' memory, is followed, with the bounds that the path knows, to where it indexes,
 *		measures, shifts, divides, steps or is calculated with.
 *   copy	what was copied out of memory that others may write: an element of a DMA array, user memory.
 *   pointer	what hf_user_ptr() gave.
 *
 * A bound that the analyzer cannot use, as a comparison with a variable or a function of another file, is believed.
 */
#include "rules.h"
#include "clang/AST/RecordLayout.h"
#include "clang/AST/RecursiveASTVisitor.h"

#include <set>

namespace {

// Where a copy of others' memory was made, and of what.
struct Copy {
	const MemRegion *Of;
	const Stmt *By;
	bool Early = false;	// of an element, whether or not the device had written all of it

	bool operator==(const Copy &X) const { return Of == X.Of && By == X.By && Early == X.Early; }
	void Profile(llvm::FoldingSetNodeID &ID) const
	{
		ID.AddPointer(Of);
		ID.AddPointer(By);
		ID.AddBoolean(Early);
	}
};

} // namespace

// Numbers from outside, and the user's expression that took them.
REGISTER_MAP_WITH_PROGRAMSTATE(Taken, SymbolRef, const Stmt *)
// Numbers that have an upper or a lower bound that the analyzer cannot use: a set of Sides.
REGISTER_MAP_WITH_PROGRAMSTATE(Believed, SymbolRef, unsigned)
// What a number became in another type that has all its values.
REGISTER_MAP_WITH_PROGRAMSTATE(CastTo, SymbolRef, SymbolRef)
// Numbers that may not have fitted where they were calculated or stored, and that place.
REGISTER_MAP_WITH_PROGRAMSTATE(Misfits, SymbolRef, const Stmt *)
// Results of which __builtin_add_overflow() and its like said that they fit.
REGISTER_SET_WITH_PROGRAMSTATE(Fitting, SymbolRef)
// What a loop's condition compared the last time.
using Turn = std::pair<const StackFrame *, const Stmt *>;
using Operands = std::pair<SVal, SVal>;
REGISTER_MAP_WITH_PROGRAMSTATE(Turns, Turn, Operands)
// The members that numbers from outside were stored in.
REGISTER_MAP_WITH_PROGRAMSTATE(StoredIn, const MemRegion *, SymbolRef)
// The value of a copied object.
REGISTER_MAP_WITH_PROGRAMSTATE(Copies, SymbolRef, Copy)
// Arrays of the driver's that a copy of user memory is in.
REGISTER_MAP_WITH_PROGRAMSTATE(Filled, const MemRegion *, Copy)
// Copies in which the phase was looked for, and the member that it is in.
REGISTER_MAP_WITH_PROGRAMSTATE(Phases, SymbolRef, const FieldDecl *)
// Numbers of copies that a check against a bound has seen.
REGISTER_SET_WITH_PROGRAMSTATE(Checked, SymbolRef)
// Structures in a packet, where they stand, and who looked.
REGISTER_MAP_WITH_PROGRAMSTATE(Views, const MemRegion *, const Stmt *)
// Arrays whose end was looked for, or put somewhere; structures that were assigned as a whole.
REGISTER_SET_WITH_PROGRAMSTATE(Settled, const MemRegion *)
REGISTER_SET_WITH_PROGRAMSTATE(UserPointers, SymbolRef)
// Members of which only the beginning was written.
REGISTER_SET_WITH_PROGRAMSTATE(Partly, const MemRegion *)

namespace {

using llvm::APSInt;

APSInt wide(APSInt V)
{
	V = V.extend(192);
	V.setIsSigned(true);
	return V;
}

APSInt wide(int64_t V)
{
	return wide(APSInt::get(V));
}

struct Range {
	APSInt Min, Max;
	bool Wraps = false;
};

std::optional<Range> rangeOf(QualType T, ASTContext &X)
{
	if (T.isNull() || !T->isIntegralOrEnumerationType())
		return std::nullopt;
	unsigned Bits = X.getIntWidth(T);
	bool Unsigned = T->isUnsignedIntegerOrEnumerationType();

	return Range{ wide(APSInt::getMinValue(Bits, Unsigned)), wide(APSInt::getMaxValue(Bits, Unsigned)) };
}

// The greatest number up to @Max of which only the bits of @Mask are set.
APSInt greatest(const APSInt &Max, const APSInt &Mask)
{
	APSInt Best = wide(0);

	for (unsigned Bit = 128; Bit--;) {
		APSInt Next = Best;

		Next.setBit(Bit);
		if (Mask[Bit] && Next <= Max)
			Best = Next;
	}
	return Best;
}

APSInt smaller(const APSInt &A, const APSInt &B)
{
	return A < B ? A : B;
}

APSInt greater(const APSInt &A, const APSInt &B)
{
	return A < B ? B : A;
}

// What an operator makes of two numbers that do not depend on each other, before it wraps.
std::optional<Range> apply(BinaryOperatorKind Op, const std::optional<Range> &A, const std::optional<Range> &B)
{
	if (!A || !B)
		return std::nullopt;
	bool Wraps = A->Wraps || B->Wraps, Constant = B->Min == B->Max;

	if (Op == BO_Add)
		return Range{ A->Min + B->Min, A->Max + B->Max, Wraps };
	if (Op == BO_Sub)
		return Range{ A->Min - B->Max, A->Max - B->Min, Wraps };
	if (A->Min < 0 || B->Min < 0 || ((Op == BO_Shl || Op == BO_Shr) && B->Max >= 64) || ((Op == BO_Div || Op == BO_Rem) && B->Min == 0))
		return std::nullopt;
	auto Shifted = [](const APSInt &V, const APSInt &By) { return wide(APSInt(V << By.getExtValue(), false)); };
	switch (Op) {
	case BO_Mul:
		return Range{ A->Min * B->Min, A->Max * B->Max, Wraps };
	case BO_Shl:
		return Range{ Shifted(A->Min, B->Min), Shifted(A->Max, B->Max), Wraps };
	case BO_Shr:
		return Range{ A->Min >> B->Max.getExtValue(), A->Max >> B->Min.getExtValue() };
	case BO_Div:
		return Range{ A->Min / B->Max, A->Max / B->Min };
	case BO_Rem:
		return Range{ wide(0), smaller(A->Max, B->Max - wide(1)) };
	case BO_And:
		if (!Constant)
			return std::nullopt;
		return Range{ wide(0), greatest(A->Max, B->Max) };
	case BO_Or:
		// With bits in common, the greatest is not known.
		if (wide(APSInt(A->Max & B->Max, false)) != 0)
			return std::nullopt;
		return Range{ greater(A->Min, B->Min), A->Max + B->Max, Wraps };
	default:
		return std::nullopt;
	}
}

bool share(SymbolRef A, SymbolRef B)
{
	for (SymbolRef X : A->symbols())
		for (SymbolRef Y : B->symbols())
			if (X == Y && isa<SymbolData>(X))
				return true;
	return false;
}

// What a number can be on this path.
std::optional<Range> rangeOf(ProgramStateRef State, SymbolRef S)
{
	ASTContext &X = State->getStateManager().getContext();
	ConstraintManager &CM = State->getConstraintManager();
	std::optional<Range> All = rangeOf(S->getType(), X), R = All;
	auto Just = [](const APSInt &V) { return Range{ wide(V), wide(V) }; };

	if (!All)
		return std::nullopt;
	if (const auto *E = dyn_cast<SymIntExpr>(S))
		R = apply(E->getOpcode(), rangeOf(State, E->getLHS()), Just(APSInt(E->getRHS())));
	else if (const auto *E = dyn_cast<IntSymExpr>(S))
		R = apply(E->getOpcode(), Just(APSInt(E->getLHS())), rangeOf(State, E->getRHS()));
	else if (const auto *E = dyn_cast<SymSymExpr>(S); E && !share(E->getLHS(), E->getRHS()))
		R = apply(E->getOpcode(), rangeOf(State, E->getLHS()), rangeOf(State, E->getRHS()));
	else if (const auto *E = dyn_cast<SymbolCast>(S))
		R = rangeOf(State, E->getOperand());
	else if (!isa<SymbolData>(S))
		return std::nullopt;
	if (!R)
		return std::nullopt;
	if (State->contains<Fitting>(S))
		R = Range{ greater(R->Min, All->Min), smaller(R->Max, All->Max) };
	else if (R->Min < All->Min || R->Max > All->Max)
		R = Range{ All->Min, All->Max, !isa<SymbolCast>(S) };
	const SymbolRef *Cast = State->get<CastTo>(S);
	for (SymbolRef Of : { S, Cast ? *Cast : S }) {
		const APSInt *Min = CM.getSymMinVal(State, Of), *Max = CM.getSymMaxVal(State, Of);

		// What the other type cannot tell from a negative number says nothing.
		if (Of != S && (!Min || !Max || wide(*Min) < All->Min || wide(*Max) > All->Max))
			continue;
		if (Min && wide(*Min) > R->Min)
			R->Min = wide(*Min);
		if (Max && wide(*Max) < R->Max)
			R->Max = wide(*Max);
	}
	return R;
}

std::string number(const APSInt &V)
{
	SmallString<40> S;

	V.toString(S);
	return S.str().str();
}

SymbolRef withoutCasts(SymbolRef S)
{
	while (const auto *Cast = dyn_cast_or_null<SymbolCast>(S))
		S = Cast->getOperand();
	return S;
}

// Whether nothing bounds a number but its type.
bool isAny(ProgramStateRef State, SymbolRef S)
{
	S = withoutCasts(S);
	std::optional<Range> R = rangeOf(State, S), All = rangeOf(S->getType(), State->getStateManager().getContext());

	return R && (R->Wraps || (R->Min == All->Min && R->Max == All->Max));
}

/*
 * Which bounds of a number are believed.  That a packet has so many bytes tells nothing of the array that they are copied to.
 * Of the length of a packet that was compared with a constant the path knows the bound, which is kept.
 */
enum Side { Upper = 1, Lower = 2, Both = 3, OfPacket = 4, AnyUpper = 5, Kept = 8 };

// Of a number that was calculated: whether it has something to do with a bound that is believed.
bool isBelieved(ProgramStateRef State, SymbolRef S, Side Which)
{
	for (SymbolRef Part : S->symbols())
		if (const unsigned *Known = State->get<Believed>(Part); Known && *Known & Which)
			return true;
	return false;
}

// The user's expression by which a number came from outside, if it did.
const Stmt *cameBy(ProgramStateRef State, SymbolRef S)
{
	if (const Stmt *const *By = State->get<Taken>(S))
		return *By;
	const auto *D = dyn_cast<SymbolDerived>(S);
	if (const Copy *Of = D ? State->get<Copies>(D->getParentSymbol()) : nullptr)
		return Of->By;
	const auto *V = dyn_cast<SymbolRegionValue>(S);
	for (const auto *R = V ? dyn_cast<SubRegion>(V->getRegion()) : nullptr; R; R = dyn_cast<SubRegion>(R->getSuperRegion()))
		if (const Stmt *const *By = State->get<Views>(R))
			return *By;
	return nullptr;
}

// A byte that is read out of a slice as it is.
bool isByte(SymbolRef S)
{
	const auto *D = dyn_cast<SymbolData>(S);
	const auto *E = D ? dyn_cast_or_null<ElementRegion>(D->getOriginRegion()) : nullptr;
	const auto *P = E && E->getValueType()->isCharType() ? dyn_cast<SymbolicRegion>(E->getBaseRegion()) : nullptr;
	const auto *Ptr = P ? dyn_cast_or_null<FieldRegion>(P->getSymbol()->getOriginRegion()) : nullptr;

	return Ptr && Ptr->getDecl()->getName() == "ptr_";
}

// As above, of a number that was calculated, if its bound is not believed.
const Stmt *takenBy(ProgramStateRef State, SymbolRef S, Side Which = AnyUpper)
{
	if (S && !isBelieved(State, S, Which))
		for (SymbolRef Part : S->symbols())
			if (const Stmt *By = cameBy(State, Part))
				return By;
	return nullptr;
}

// The member that a number was read from.
const FieldDecl *memberOf(SymbolRef S)
{
	const auto *D = dyn_cast_or_null<SymbolData>(withoutCasts(S));
	const auto *R = D ? dyn_cast_or_null<FieldRegion>(D->getOriginRegion()) : nullptr;

	return R ? R->getDecl() : nullptr;
}

// How many bytes are in a slice that others gave, or what is left of them, if that is not bounded.
bool isLengthOfPacket(ProgramStateRef State, SymbolRef S)
{
	while (const auto *E = dyn_cast_or_null<SymIntExpr>(withoutCasts(S)))
		S = E->getLHS();
	const FieldDecl *F = memberOf(S);
	StringRef Of = F && F->getName() == "len_" ? F->getParent()->getName() : StringRef();
	std::optional<Range> R = Of == "u8_cslice" || Of == "u8_slice" ? rangeOf(State, withoutCasts(S)) : std::nullopt;

	return R && R->Max == rangeOf(withoutCasts(S)->getType(), State->getStateManager().getContext())->Max;
}

// The member of a copied structure that a number is, whatever its wire type has within.
const FieldDecl *copiedMember(SymbolRef S)
{
	const auto *D = dyn_cast_or_null<SymbolDerived>(S);
	const auto *F = D ? dyn_cast<FieldRegion>(D->getRegion()) : nullptr;

	while (F && F->getDecl()->getName().ends_with("_"))
		F = dyn_cast<FieldRegion>(F->getSuperRegion());
	return F ? F->getDecl() : nullptr;
}

// How many elements an array has, or 0 if that is open.
uint64_t elements(QualType T, ASTContext &X)
{
	const ConstantArrayType *A = T.isNull() ? nullptr : X.getAsConstantArrayType(T);
	uint64_t N = A ? A->getZExtSize() : 0;

	// At the end of a structure an array of one may stand for many.
	return N > 1 ? N : 0;
}

uint64_t elements(const MemRegion *R)
{
	const auto *TR = dyn_cast_or_null<TypedValueRegion>(R);

	return TR ? elements(TR->getValueType(), TR->getContext()) : 0;
}

// How many bytes of an array or a structure there are from a place on, or 0 if that is not known.
uint64_t room(const MemRegion *R)
{
	uint64_t Skipped = 0;

	for (; const auto *E = dyn_cast_or_null<ElementRegion>(R); R = E->getSuperRegion()) {
		const APSInt *I = E->getIndex().getAsInteger();

		if (!I || I->isNegative())
			return 0;
		Skipped += I->getZExtValue() * E->getContext().getTypeSizeInChars(E->getValueType()).getQuantity();
	}
	const auto *TR = dyn_cast_or_null<TypedValueRegion>(R);
	if (!TR || TR->getValueType()->isIncompleteType() || (TR->getValueType()->isArrayType() && !elements(TR)))
		return 0;
	uint64_t Size = TR->getContext().getTypeSizeInChars(TR->getValueType()).getQuantity();
	return Skipped < Size ? Size - Skipped : 0;
}

bool isCheck(StringRef N)
{
	return N.starts_with("hf_in_range_u") || N.starts_with("hf_below_u") || N.starts_with("hf_below_nospec_u");
}

bool isSwap(StringRef N)
{
	return N.contains("bswap") || N.contains("swab");
}

// Allocations of a size, of the headers, the C library and the kernel.
bool isAllocation(StringRef N)
{
	if (N == "hf_new_pages" || N == "hf_sys_alloc" || N == "hf_sys_realloc" || N == "hf_sys_dma_alloc" || N == "hf_new_array_" || N == "hf_dma_memory_new_")
		return true;
	N.consume_front("devm_");
	N.consume_front("k");
	N.consume_front("v");
	return N.starts_with("malloc") || N.starts_with("zalloc") || N.starts_with("calloc") || N.starts_with("realloc");
}

bool isAccept(StringRef N)
{
	return N.starts_with("hf_accept_any_u");
}

// Finds what a function returns.
struct Returns : RecursiveASTVisitor<Returns> {
	SmallVector<const Expr *, 4> Values;

	bool VisitReturnStmt(ReturnStmt *S)
	{
		if (S->getRetValue())
			Values.push_back(S->getRetValue());
		return true;
	}
};

// The members that are compared with something anywhere in the file.
struct Compared : RecursiveASTVisitor<Compared> {
	llvm::DenseSet<const ValueDecl *> Members;
	const llvm::DenseSet<const Stmt *> &But;

	explicit Compared(const llvm::DenseSet<const Stmt *> &B) : But(B) {}
	bool VisitBinaryOperator(BinaryOperator *B)
	{
		if (B->isRelationalOp() && !But.contains(B))
			for (const Expr *E : { B->getLHS(), B->getRHS() })
				if (const auto *M = dyn_cast<MemberExpr>(E->IgnoreParenCasts()))
					Members.insert(M->getMemberDecl());
		return true;
	}
};

// Looks at what a loop does with its variable.
struct LoopBody : RecursiveASTVisitor<LoopBody> {
	const VarDecl *I;
	const Stmt *Condition;
	const ArraySubscriptExpr *Index = nullptr;
	uint64_t Elements = 0;
	bool Otherwise = false;		// it may end, or skip an element, for another reason
	bool Tries = false, Given = false;	// hf_try(); a function of the headers gets the variable
	llvm::SmallVector<const VarDecl *, 2> Steps;	// pointers that go along

	LoopBody(const VarDecl *V, const Stmt *C) : I(V), Condition(C) {}
	bool is(const Expr *E) const
	{
		const auto *D = dyn_cast<DeclRefExpr>(E->IgnoreParenImpCasts());

		return D && D->getDecl() == I;
	}
	// A front door has it in variables of its own.
	bool isOrHas(const Expr *E) const
	{
		E = E->IgnoreParenCasts();
		if (const auto *U = dyn_cast<UnaryOperator>(E); U && (U->getOpcode() == UO_Plus || U->getOpcode() == UO_Extension))
			return isOrHas(U->getSubExpr());
		const auto *D = dyn_cast<DeclRefExpr>(E);
		const auto *V = D ? dyn_cast<VarDecl>(D->getDecl()) : nullptr;
		if (!V || !V->getName().starts_with("hf_i_") || !V->getInit())
			return is(E);
		return V->getName().ends_with("_wide_") ? isOrHas(V->getInit()) : any(V->getInit(), [&](const Stmt *S) {
			const auto *W = dyn_cast<DeclRefExpr>(S);
			return W && W->getDecl()->getName().ends_with("_wide_") && isOrHas(W);
		});
	}
	bool VisitArraySubscriptExpr(ArraySubscriptExpr *S)
	{
		uint64_t N = elements(S->getBase()->IgnoreParenImpCasts()->getType(), I->getASTContext());

		if (N && is(S->getIdx()) && (!Index || N < Elements)) {
			Index = S;
			Elements = N;
		}
		return true;
	}
	bool VisitBinaryOperator(BinaryOperator *B)
	{
		if (B != Condition && (B->isComparisonOp() || B->isAssignmentOp()) && (is(B->getLHS()) || is(B->getRHS())))
			Otherwise = true;
		return true;
	}
	bool VisitUnaryOperator(UnaryOperator *U)
	{
		const auto *D = U->isIncrementOp() ? dyn_cast<DeclRefExpr>(U->getSubExpr()->IgnoreParens()) : nullptr;
		const auto *P = D ? dyn_cast<VarDecl>(D->getDecl()) : nullptr;

		if (P && P->getType()->isPointerType())
			Steps.push_back(P);
		return true;
	}
	// hf_array_at() promises that it is below the length.
	bool VisitCallExpr(CallExpr *E)
	{
		const FunctionDecl *F = E->getDirectCallee();
		Expr::EvalResult Length;

		if (F && F->getIdentifier() && F->getName() == "hf_require_below_at" && isOrHas(E->getArg(1)) &&
		    E->getArg(2)->EvaluateAsInt(Length, I->getASTContext()) && (!Elements || wide(Length.Val.getInt()) < wide(Elements)))
			Elements = Length.Val.getInt().getZExtValue();
		for (const Expr *A : E->arguments())
			forEach(A, [&](const Stmt *S) { Given |= isa<DeclRefExpr>(S) && is(cast<Expr>(S)); });
		return true;
	}
	bool VisitBreakStmt(BreakStmt *) { Otherwise = true; return true; }
	bool VisitGotoStmt(GotoStmt *) { Otherwise = true; return true; }
	bool VisitReturnStmt(ReturnStmt *R)
	{
		(byHeader(R->getBeginLoc(), I->getASTContext().getSourceManager()) ? Tries : Otherwise) = true;
		return true;
	}
};

// Whether a loop counts something by constant steps, and looks at the count.
struct Counts : RecursiveASTVisitor<Counts> {
	llvm::DenseSet<const ValueDecl *> Counted, Compared;
	const ASTContext &X;
	bool Ends = false;

	Counts(const Stmt *Loop, const ASTContext &C) : X(C)
	{
		TraverseStmt(const_cast<Stmt *>(Loop));
		for (const ValueDecl *D : Counted)
			Ends |= D && Compared.contains(D);
	}
	static const ValueDecl *declOf(const Expr *E)
	{
		E = E->IgnoreParenCasts();
		if (const auto *U = dyn_cast<UnaryOperator>(E))
			return declOf(U->getSubExpr());
		const auto *D = dyn_cast<DeclRefExpr>(E);
		const auto *M = dyn_cast<MemberExpr>(E);
		return D ? D->getDecl() : M ? M->getMemberDecl() : nullptr;
	}
	bool VisitUnaryOperator(UnaryOperator *U)
	{
		if (U->isIncrementDecrementOp())
			Counted.insert(declOf(U));
		return true;
	}
	bool VisitBinaryOperator(BinaryOperator *B)
	{
		if (B->isCompoundAssignmentOp() && B->getRHS()->isIntegerConstantExpr(X))
			Counted.insert(declOf(B->getLHS()));
		for (const Expr *E : { B->getLHS(), B->getRHS() })
			if (B->isComparisonOp())
				Compared.insert(declOf(E));
		return true;
	}
};

class Untrusted : public Rules<check::PreCall, check::PostCall, eval::Call, eval::Assume, check::Location, check::Bind,
				check::PreStmt<BinaryOperator>, check::PostStmt<CastExpr>, check::BranchCondition,
				check::BeginFunction, check::EndFunction, check::LiveSymbols,
				check::EndOfTranslationUnit> {
	// What the functions of the file do with a member: who stores any number, who trusts it.
	struct Use {
		unsigned Line;
		std::string What;
	};
	mutable llvm::DenseMap<const FieldDecl *, const Stmt *> Stores;
	mutable llvm::DenseMap<const FieldDecl *, Use> Uses;
	mutable llvm::DenseSet<const Stmt *> Said, Loops;

	// --- reports ---

	void say(CheckerContext &C, ProgramStateRef State, const Stmt *At, StringRef Rule, const Twine &Text) const
	{
		if (Said.insert(At).second)
			reportAt(C, State, At, Rule, Text);
		else
			C.generateSink(State, C.getPredecessor());
	}

	static std::string advice(const APSInt &N, bool Below)
	{
		return Below ? "check it by hf_below(..., " + number(N) + ")" : "check it by hf_at_most(..., " + number(N) + ")";
	}

	/*
	 * Whether a number from outside may be greater than @Most, or negative, where it is @What; then that is a finding,
	 * where the number was taken.  Of an object whose size is not known, any number is too much.
	 */
	bool tooGreat(CheckerContext &C, ProgramStateRef State, SVal V, std::optional<APSInt> Most, bool Below, const Twine &What,
		      Side Which = AnyUpper) const
	{
		SymbolRef S = V.getAsSymbol();
		std::optional<Range> R = S ? rangeOf(State, S) : std::nullopt;
		const Stmt *By = takenBy(State, S, Lower);

		// Before it was converted, too.
		for (SymbolRef X = By && R ? S : nullptr; X; X = isa<SymbolCast>(X) ? cast<SymbolCast>(X)->getOperand() : nullptr)
			if (std::optional<Range> Of = rangeOf(State, X); Of && Of->Min < 0) {
				say(C, State, By, "untrusted-number",
				    text(C, By) + " may give a number that makes this " + number(Of->Min) + ", and line " + Twine(line(C)) +
				    " uses it as " + What + ": check that it is not negative, too, as hf_to_u32() does");
				return true;
			}
		By = takenBy(State, S, Which);
		if (!R || !By || (Most ? R->Max <= *Most : !isAny(State, S)))
			return false;
		say(C, State, By, "untrusted-number",
		    text(C, By) + " may give any number up to " + number(R->Max) + " here, and line " + Twine(line(C)) + " uses it as " + What +
		    (Most ? ": " + advice(Below ? *Most + wide(1) : *Most, Below) : Twine(": check it by hf_at_most() first").str()));
		return true;
	}

	// As above, of an object whose size is not known, of a number that is much more than most objects have.
	bool isHuge(CheckerContext &C, ProgramStateRef State, SVal V, const Twine &What) const
	{
		if (SymbolRef S = V.getAsSymbol())
			for (SymbolRef Part : S->symbols())
				if (cameBy(State, Part) && C.getASTContext().getIntWidth(Part->getType()) >= 32 && isAny(State, Part) &&
				    rangeOf(State, S) && rangeOf(State, S)->Max >= rangeOf(State, Part)->Max && rangeOf(State, S)->Max.getActiveBits() > 26)
					return tooGreat(C, State, C.getSValBuilder().makeSymbolVal(Part), std::nullopt, false, What);
		return false;
	}

	static bool fits(const std::optional<Range> &R, const std::optional<Range> &All)
	{
		return !R || !All || (R->Min >= All->Min && R->Max <= All->Max);
	}

	// The part of a number that may not have fitted where it was calculated or stored.
	static SymbolRef misfit(ProgramStateRef State, SymbolRef S)
	{
		ASTContext &X = State->getStateManager().getContext();
		const auto *Cast = dyn_cast_or_null<SymbolCast>(S);
		const auto *E = dyn_cast_or_null<BinarySymExpr>(S);

		if (!Cast && (!E || E->getOpcode() == BO_Rem || E->getOpcode() == BO_And || E->getOpcode() == BO_Shr ||
			      BinaryOperator::isComparisonOp(E->getOpcode())))
			return nullptr;
		SymbolRef Left = Cast ? Cast->getOperand() : nullptr, Right = nullptr;
		if (const auto *SI = dyn_cast<SymIntExpr>(S))
			Left = SI->getLHS();
		else if (const auto *IS = dyn_cast<IntSymExpr>(S))
			Right = IS->getRHS();
		else if (const auto *SS = dyn_cast<SymSymExpr>(S))
			Left = SS->getLHS(), Right = SS->getRHS();
		for (SymbolRef Part : { Left, Right })
			if (SymbolRef Found = misfit(State, Part))
				return Found;
		std::optional<Range> R = rangeOf(State, S);
		const Stmt *const *At = State->get<Misfits>(S);
		if (const auto *Sum = At ? dyn_cast<CompoundAssignOperator>(*At) : nullptr; Sum && Sum->getOpcode() == BO_AddAssign && takenBy(State, S))
			return S;
		bool Still = Cast ? !fits(rangeOf(State, Left), rangeOf(S->getType(), X)) : R && R->Wraps;
		return Still && At && takenBy(State, S) ? S : nullptr;
	}

	// A number that may not have fitted, where it measures something.
	bool measures(CheckerContext &C, ProgramStateRef State, SVal V) const
	{
		SymbolRef Part = misfit(State, V.getAsSymbol());

		if (!Part)
			return false;
		const Stmt *At = *State->get<Misfits>(Part);
		std::string Use = ", and line " + std::to_string(line(C)) + " uses it as a size or an index";
		const auto *Assign = dyn_cast<CompoundAssignOperator>(At);
		std::string Bits = std::to_string(C.getASTContext().getIntWidth(Assign ? Assign->getType() : Part->getType()));
		if (const auto *Cast = dyn_cast<SymbolCast>(Part))
			say(C, State, At, "arithmetic-overflow", text(C, At) + " is cut off to " + Bits + " bits here, as the number from outside may be " +
			    number(rangeOf(State, Cast->getOperand())->Max) + Use + ": check that it fits, as hf_to_u" + Bits + "() does");
		else
			say(C, State, At, "arithmetic-overflow", text(C, At) + " wraps in " + Bits + " bits, as the numbers from outside may be so large" +
			    Use + ": use hf_mul_size(), hf_add_size() or their like");
		return true;
	}

	// The numbers from outside in @S, but not in @But, are 0, if they may be; @By took one.  For the bytes of a slice it is @Bytes.
	static ProgramStateRef allZero(CheckerContext &C, ProgramStateRef State, SymbolRef S, SymbolRef But, const Stmt *&By,
				       const Stmt *Bytes = nullptr)
	{
		SValBuilder &B = C.getSValBuilder();

		if (S)
			for (SymbolRef Part : S->symbols()) {
				const Stmt *Came = State ? cameBy(State, Part) : nullptr;

				Came = !Came && isByte(Part) ? Bytes : Came;
				if (!State || !Came || (But && share(Part, But)))
					continue;
				By = Came;
				State = isBelieved(State, Part, Lower) ? nullptr
					: State->assume(B.evalEQ(State, B.makeSymbolVal(Part), B.makeZeroVal(Part->getType()))
							.castAs<DefinedOrUnknownSVal>(), true);
			}
		return State;
	}

	// The expression by which a number from outside was taken that may be 0, so that @V is 0.
	static const Stmt *zeroBy(CheckerContext &C, ProgramStateRef State, SVal V)
	{
		SymbolRef S = withoutCasts(V.getAsSymbol());
		const Stmt *By = nullptr;

		State = allZero(C, State, S, nullptr, By);
		return By && State && C.getSValBuilder().simplifySVal(State, C.getSValBuilder().makeSymbolVal(S)).isZeroConstant() ? By : nullptr;
	}

	// A member that is used so, unless the path knows a bound.
	void useOfMember(CheckerContext &C, ProgramStateRef State, SVal V, uint64_t N, const std::string &What) const
	{
		SymbolRef S = V.getAsSymbol();
		const FieldDecl *F = memberOf(S);

		if (F && isAny(State, S) && !isBelieved(State, S, AnyUpper) && !takenBy(State, S) &&
		    rangeOf(State, S)->Max >= wide(N))
			Uses.try_emplace(F, Use{ line(C), What });
	}

	static std::string sized(const std::string &Name, uint64_t N)
	{
		return (Name.empty() ? "an array" : "'" + Name + "'") + ", which has " + std::to_string(N) + " elements";
	}

	// --- copies ---

	static const Copy *copyOf(ProgramStateRef State, SymbolRef S)
	{
		const auto *D = dyn_cast_or_null<SymbolDerived>(S);

		for (const auto *R = D ? dyn_cast<SubRegion>(D->getRegion()) : nullptr; R; R = dyn_cast<SubRegion>(R->getSuperRegion()))
			if (const Copy *Of = State->get<Filled>(R))
				return Of;
		S = D ? D->getParentSymbol() : S;
		return S ? State->get<Copies>(S) : nullptr;
	}

	// The same number of one object, in two copies that were made at two places.
	static bool isSecondCopy(ProgramStateRef State, SymbolRef First, SymbolRef Second)
	{
		const Copy *A = copyOf(State, First), *B = copyOf(State, Second);

		return A && B && A->Of == B->Of && A->By != B->By && copiedMember(First) == copiedMember(Second);
	}

	// Fills the object at @To by bytes of others.
	ProgramStateRef fill(const CallEvent &Call, CheckerContext &C, ProgramStateRef State, SVal To, SVal From, uint64_t Size, bool Early) const
	{
		const MemRegion *R = To.getAsRegion();
		const auto *TR = dyn_cast_or_null<TypedValueRegion>(R ? R->StripCasts() : nullptr);
		const StackFrame *SF;

		if (!TR || TR->getValueType()->isIncompleteType() ||
		    uint64_t(C.getASTContext().getTypeSizeInChars(TR->getValueType()).getQuantity()) != Size)
			return nullptr;
		DefinedOrUnknownSVal V = C.getSValBuilder().conjureSymbolVal(Call, TR->getValueType(), C.blockCount(), this);
		if (!V.getAsSymbol())
			return nullptr;
		State = State->bindLoc(loc::MemRegionVal(TR), V, C.getStackFrame());
		return State->set<Copies>(V.getAsSymbol(), Copy{ From.getAsRegion(), userStmt(C, Call.getOriginExpr(), &SF), Early });
	}

	// --- strings ---

	static const MemRegion *arrayOf(SVal V)
	{
		const MemRegion *R = V.getAsRegion();

		for (; const auto *E = dyn_cast_or_null<ElementRegion>(R); R = E->getSuperRegion())
			if (!E->getIndex().isZeroConstant())
				return nullptr;
		return R;
	}

	// An array of characters that others filled, in which nothing put a zero.
	static bool hasNoEnd(CheckerContext &C, ProgramStateRef State, SVal V)
	{
		const auto *TR = dyn_cast_or_null<TypedValueRegion>(arrayOf(V));
		uint64_t N = elements(TR);

		if (!N || N > 4096 || State->contains<Settled>(TR))
			return false;
		QualType T = C.getASTContext().getAsConstantArrayType(TR->getValueType())->getElementType();
		if (!T->isAnyCharacterType() && !T->isCharType())
			return false;
		bool Outside = false;
		for (const MemRegion *R = TR; R && !Outside; R = isa<SubRegion>(R) ? cast<SubRegion>(R)->getSuperRegion() : nullptr)
			Outside = State->get<Views>(R);
		for (uint64_t I = 0; I < N; I++) {
			SVal X = load(State, State->getLValue(T, C.getSValBuilder().makeArrayIndex(I), loc::MemRegionVal(TR)));

			if (X.isZeroConstant() || X.isUnknownOrUndef() || (!Outside && !X.isConstant() && !copyOf(State, X.getAsSymbol())))
				return false;
		}
		return true;
	}

	// Which arguments a function reads up to a zero.
	static SmallVector<unsigned, 4> strings(const CallEvent &Call)
	{
		StringRef N = nameOf(Call);

		N.consume_front("__builtin_");
		if (N == "strlen" || N == "strdup" || N == "kstrdup" || N == "strchr" || N == "strrchr" || N == "atoi" || N == "puts")
			return { 0 };
		if (N == "strcpy" || N == "strcat")
			return { 1 };
		if (N == "strcmp" || N == "strcasecmp" || N == "strstr")
			return { 0, 1 };
		const auto *FD = dyn_cast_or_null<FunctionDecl>(Call.getDecl());
		const auto *A = FD ? FD->getAttr<FormatAttr>() : nullptr;
		const auto *L = A && A->getType()->getName() == "printf" && unsigned(A->getFormatIdx()) <= Call.getNumArgs()
			? dyn_cast<StringLiteral>(Call.getArgExpr(A->getFormatIdx() - 1)->IgnoreParenImpCasts()) : nullptr;
		SmallVector<unsigned, 4> Found;
		StringRef F = L && L->getCharByteWidth() == 1 ? L->getString() : StringRef();
		unsigned Next = A ? A->getFirstArg() - 1 : 0;

		for (size_t At = F.find('%'); At != StringRef::npos && At + 1 < F.size(); At = F.find('%', At)) {
			size_t End = F.find_first_not_of("0123456789-+ #.*lhzjtq", ++At);

			if (End == StringRef::npos)
				break;
			StringRef Flags = F.slice(At, End);
			At = End + 1;
			if (F[End] == '%')
				continue;
			Next += Flags.count('*');
			if (F[End] == 's' && !Flags.contains('.') && Next < Call.getNumArgs())
				Found.push_back(Next);
			Next++;
		}
		return Found;
	}

	// --- expectations ---

	// Whether a result is that of a check of what others gave.
	static bool isCheckOf(const Expr *E, int Depth = 0)
	{
		E = E ? E->IgnoreParenCasts() : nullptr;
		if (!E || Depth > 8)
			return false;
		if (const auto *S = dyn_cast<StmtExpr>(E)) {
			const auto *Last = S->getSubStmt()->body_empty() ? nullptr : dyn_cast<Expr>(S->getSubStmt()->body_back());
			return isCheckOf(Last, Depth + 1);
		}
		if (const auto *D = dyn_cast<DeclRefExpr>(E)) {
			const auto *V = dyn_cast<VarDecl>(D->getDecl());
			return V && isCheckOf(V->getInit(), Depth + 1);
		}
		// hf_try_in(): the error of another result.
		if (const auto *L = dyn_cast<CompoundLiteralExpr>(E)) {
			if (const auto *I = dyn_cast<InitListExpr>(L->getInitializer()))
				for (const Expr *X : I->inits())
					if (const auto *M = dyn_cast<MemberExpr>(X->IgnoreParenCasts()))
						if (M->getMemberDecl()->getName() == "err_" && isCheckOf(M->getBase(), Depth + 1))
							return true;
			return false;
		}
		const auto *Call = dyn_cast<CallExpr>(E);
		const FunctionDecl *FD = Call ? Call->getDirectCallee() : nullptr;
		if (!FD)
			return false;
		if (isCheck(FD->getName()) || FD->getName().starts_with("hf_uaccess_read_u"))
			return true;
		if (!FD->hasBody(FD) || byHeader(FD, FD->getASTContext().getSourceManager()))
			return false;
		Returns R;
		R.TraverseStmt(FD->getBody());
		return llvm::any_of(R.Values, [&](const Expr *V) { return isCheckOf(V, Depth + 1); });
	}

	static const Stmt *expectation(CheckerContext &C, const Stmt *S)
	{
		while (S && !isa<StmtExpr>(S))
			S = C.getStackFrame()->getParentMap().getParent(S);
		return S && Lexer::getImmediateMacroName(S->getBeginLoc(), C.getSourceManager(), C.getLangOpts()) == "hf_expect" ? S : nullptr;
	}

	// hf_expect() of what may fail whenever memory is short, or of what a map has under a number of others.
	bool expects(const CallEvent &Call, CheckerContext &C) const
	{
		const auto *FD = dyn_cast_or_null<FunctionDecl>(Call.getDecl());
		const Stmt *S = FD && byHeader(FD, C.getSourceManager()) ? expectation(C, Call.getOriginExpr()) : nullptr;
		StringRef N = nameOf(Call);
		unsigned Searches = 0;

		if (!S)
			return false;
		any(C.getStackFrame()->getDecl()->getBody(), [&](const Stmt *X) {
			const auto *Other = dyn_cast<CallExpr>(X);
			Searches += Other && Other->getDirectCallee() && Other->getDirectCallee()->getName().contains("_find");
			return false;
		});
		for (unsigned I = 0; I < std::min(Call.getNumArgs(), FD->getNumParams()); I++) {
			const auto *T = FD->getParamDecl(I)->getType()->getAs<TypedefType>();
			const APSInt *Flags = T && T->getDecl()->getName() == "gfp_t" ? Call.getArgSVal(I).getAsInteger() : nullptr;
			SymbolRef Sym = Call.getArgSVal(I).getAsSymbol();

			if (Flags && !mayWait(C.getASTContext(), *Flags)) {
				say(C, C.getState(), S, "failed-unwrap", "an allocation that must not wait fails when memory is short, and this stops "
				    "the machine then: look at the error, by hf_try() or hf_set_ok()");
				return true;
			}
			if (Sym && C.getState()->contains<Taken>(Sym) && Searches < 2 &&
			    (N.ends_with("_find") || N.ends_with("_find_mut") || N.ends_with("_remove_key"))) {
				say(C, C.getState(), S, "failed-unwrap", "what is expected is found by a number of others, and a wrong number of theirs "
				    "stops the machine: return the error by hf_try()");
				return true;
			}
		}
		return false;
	}

	void checkExpectation(const CallEvent &Call, CheckerContext &C) const
	{
		const Stmt *S = Call.getOriginExpr();

		if (byHeader(C.getStackFrame()->getDecl(), C.getSourceManager()))
			return;
		S = expectation(C, S);
		if (!S)
			return;
		const auto *DS = dyn_cast<DeclStmt>(*cast<StmtExpr>(S)->getSubStmt()->body_begin());
		const auto *V = DS && DS->isSingleDecl() ? dyn_cast<VarDecl>(DS->getSingleDecl()) : nullptr;
		if (V && isCheckOf(V->getInit()))
			say(C, C.getState(), S, "failed-unwrap", "what is expected is the result of a check of what others gave, and a wrong number "
			    "of theirs stops the machine: return the error by hf_try()");
	}

	// --- padding ---

	// The bytes of a local structure's padding that nobody wrote, given to others.
	static const FieldDecl *padded(CheckerContext &C, ProgramStateRef State, const TypedValueRegion *R, uint64_t Size)
	{
		ASTContext &X = C.getASTContext();
		const auto *RT = R->getValueType()->getAs<RecordType>();
		const RecordDecl *D = RT ? RT->getDecl()->getDefinition() : nullptr;
		const auto *Var = dyn_cast<VarRegion>(R);
		const auto *Init = Var ? dyn_cast_or_null<InitListExpr>(Var->getDecl()->getInit()) : nullptr;

		if (!D || D->isUnion() || !Var || !Var->getDecl()->hasLocalStorage() || isa<ParmVarDecl>(Var->getDecl()) || State->contains<Settled>(R))
			return nullptr;
		// { 0 } and { } are taken for what clears all, and so is a copy.
		bool Lists = Init && Init->getNumInits() && !isa<ImplicitValueInitExpr>(Init->getInit(0)) &&
			     !isa<IntegerLiteral>(Init->getInit(0)->IgnoreParenImpCasts());
		if (Var->getDecl()->getInit() && !Lists)
			return nullptr;
		const ASTRecordLayout &Layout = X.getASTRecordLayout(D);
		uint64_t End = 0;
		const FieldDecl *Before = nullptr;

		for (const FieldDecl *F : D->fields()) {
			uint64_t At = Layout.getFieldOffset(F->getFieldIndex()) / 8;

			if (F->isBitField() || F->getType()->isIncompleteType())
				return nullptr;
			if (At > End && Before && End < Size && unwritten(C, State, R, End, Lists))
				return Before;
			End = At + X.getTypeSizeInChars(F->getType()).getQuantity();
			Before = F;
		}
		if (Before && End < uint64_t(Layout.getSize().getQuantity()) && End < Size && unwritten(C, State, R, End, Lists))
			return Before;
		return nullptr;
	}

	// The member of a local structure that nobody wrote, or a part of it.
	static const FieldDecl *unset(CheckerContext &C, ProgramStateRef State, SVal Place, QualType T)
	{
		const auto *RT = T->getAs<RecordType>();
		const RecordDecl *D = RT ? RT->getDecl()->getDefinition() : nullptr;

		for (const FieldDecl *F : D && !D->isUnion() ? D->fields() : RecordDecl::field_range({}, {})) {
			SVal At = State->getLValue(F, Place);
			uint64_t N = elements(F->getType(), C.getASTContext());
			bool Unset = !F->isBitField() && F->getType()->isScalarType() && load(State, At).isUndef();

			if (N && N <= 64)
				for (uint64_t I = 0; I < N; I++) {
					QualType Each = C.getASTContext().getAsConstantArrayType(F->getType())->getElementType();

					Unset |= Each->isScalarType() &&
						 load(State, State->getLValue(Each, C.getSValBuilder().makeArrayIndex(I), At)).isUndef();
				}
			if (Unset || unset(C, State, At, F->getType()))
				return F;
		}
		return nullptr;
	}

	static bool unwritten(CheckerContext &C, ProgramStateRef State, const MemRegion *R, uint64_t At, bool Listed)
	{
		SVal V = load(State, State->getLValue(C.getASTContext().UnsignedCharTy, C.getSValBuilder().makeArrayIndex(At),
						      loc::MemRegionVal(R)));

		return V.isUndef() || (Listed && V.isZeroConstant());
	}

	// --- arrays that are used again ---

	// A member of an object that was there before, of which only the beginning is written.
	ProgramStateRef partly(const CallEvent &Call, CheckerContext &C, ProgramStateRef State, bool Clears) const
	{
		const MemRegion *A = arrayOf(Call.getArgSVal(0)), *Base = base(Call.getArgSVal(0));
		const auto *Sym = dyn_cast_or_null<SymbolicRegion>(Base);

		if (Clears)
			for (const MemRegion *R : State->get<Partly>())
				if (R->getBaseRegion() == Base)
					State = State->remove<Partly>(R);
		if (!Clears && Sym && isa<SymbolRegionValue, SymbolDerived>(Sym->getSymbol()) && isa_and_nonnull<FieldRegion>(A) &&
		    room(A) > 1 && Call.getArgSVal(2).getAsSymbol())
			return State->add<Partly>(A);
		return State;
	}

	// Whether a function of the file clears a member.
	static bool isCleared(CheckerContext &C, const MemRegion *R)
	{
		struct Clears : RecursiveASTVisitor<Clears> {
			const FieldDecl *F;
			bool Found = false;

			explicit Clears(const FieldDecl *D) : F(D) {}
			bool VisitCallExpr(CallExpr *E)
			{
				const FunctionDecl *FD = E->getDirectCallee();

				if (FD && FD->getIdentifier() && FD->getName().contains("memset"))
					look(E);
				return true;
			}
			void look(const Stmt *S)
			{
				const auto *M = dyn_cast<MemberExpr>(S);

				Found |= M && M->getMemberDecl() == F;
				for (const Stmt *X : S->children())
					if (X)
						look(X);
			}
		} V(cast<FieldRegion>(R)->getDecl());
		V.TraverseDecl(C.getASTContext().getTranslationUnitDecl());
		return V.Found;
	}

	// --- loops that only a device ends ---

	// What a loop waits for: a number that a device gives, and nothing else.
	struct Polling {
		const Stmt *Loop;
		const SourceManager &SM;
		const ASTContext &X;

		// The calls that pass the time.
		static bool passes(StringRef N)
		{
			for (StringRef Word : { "delay", "sleep", "relax", "resched", "yield", "pause", "barrier" })
				if (N.contains(Word))
					return true;
			return false;
		}

		// hf_mask(regs_read_status(r), BUSY), also by a variable or a function of the file.
		bool asks(const Expr *E, int Depth = 0) const
		{
			E = E ? E->IgnoreParenCasts() : nullptr;
			if (!E || Depth > 8)
				return false;
			auto Constant = [&](const Expr *Y) { return Y->isEvaluatable(X); };
			if (const auto *U = dyn_cast<UnaryOperator>(E))
				return !U->isIncrementDecrementOp() && asks(U->getSubExpr(), Depth + 1);
			if (const auto *M = dyn_cast<MemberExpr>(E))
				return asks(M->getBase(), Depth + 1);
			if (const auto *B = dyn_cast<BinaryOperator>(E)) {
				if (B->getOpcode() == BO_Assign)
					return asks(B->getRHS(), Depth + 1);
				if (B->isLogicalOp())
					return asks(B->getLHS(), Depth + 1) && asks(B->getRHS(), Depth + 1);
				return !B->isAssignmentOp() && ((asks(B->getLHS(), Depth + 1) && Constant(B->getRHS())) ||
								(Constant(B->getLHS()) && asks(B->getRHS(), Depth + 1)));
			}
			if (const auto *D = dyn_cast<DeclRefExpr>(E)) {
				const auto *V = dyn_cast<VarDecl>(D->getDecl());
				bool Set = false, Otherwise = false;

				if (!V || !V->hasLocalStorage())
					return false;
				forEach(Loop, [&](const Stmt *S) {
					const auto *B = dyn_cast<BinaryOperator>(S);
					const auto *L = B && B->isAssignmentOp() ? dyn_cast<DeclRefExpr>(B->getLHS()->IgnoreParens()) : nullptr;
					const auto *DS = dyn_cast<DeclStmt>(S);

					if (L && L->getDecl() == V)
						(asks(B, Depth + 1) ? Set : Otherwise) = true;
					if (DS && DS->isSingleDecl() && DS->getSingleDecl() == V && V->getInit())
						(asks(V->getInit(), Depth + 1) ? Set : Otherwise) = true;
				});
				return Set && !Otherwise;
			}
			const auto *C = dyn_cast<CallExpr>(E);
			const FunctionDecl *F = C ? C->getDirectCallee() : nullptr;
			if (!F)
				return false;
			if (!byHeader(F, SM)) {
				const FunctionDecl *D = F->getDefinition();
				const auto *Body = D ? dyn_cast_or_null<CompoundStmt>(D->getBody()) : nullptr;
				const auto *R = Body && Body->size() == 1 ? dyn_cast<ReturnStmt>(Body->body_front()) : nullptr;
				return R && asks(R->getRetValue(), Depth + 1);
			}
			if (F->getName().contains("_read_") && !F->getName().starts_with("hf_") && C->getNumArgs() == 1)
				return true;
			return C->getNumArgs() && (F->getName().starts_with("hf_mask_") || F->getName().starts_with("hf_equals_") ||
						   F->getName().starts_with("hf_accept_any_")) && asks(C->getArg(0), Depth + 1) &&
			       (C->getNumArgs() == 1 || Constant(C->getArg(1)));
		}

		// Whether anything else ends the loop, or may have the device go on.
		bool endsOtherwise(const Stmt *S, const Expr *Under) const
		{
			if (!S || isa<UnaryExprOrTypeTraitExpr>(S))
				return false;
			if (isa<BreakStmt, ReturnStmt, GotoStmt, IndirectGotoStmt, SwitchStmt, AsmStmt>(S))
				return !Under;
			if (const auto *If = dyn_cast<IfStmt>(S))
				if (asks(If->getCond()))
					return endsOtherwise(If->getThen(), If->getCond()) || endsOtherwise(If->getElse(), If->getCond());
			if (const auto *E = dyn_cast<Expr>(S); E && asks(E))
				return false;
			const auto *C = dyn_cast<CallExpr>(S);
			const FunctionDecl *F = C ? C->getDirectCallee() : nullptr;
			if (C && !(F && (F->getBuiltinID() || passes(F->getName()))))
				return true;
			const auto *U = dyn_cast<UnaryOperator>(S);
			const auto *B = dyn_cast<BinaryOperator>(S);
			if ((U && U->isIncrementDecrementOp()) || (B && B->isCompoundAssignmentOp()))
				return true;
			for (const Stmt *Y : S->children())
				if (endsOtherwise(Y, Under))
					return true;
			return false;
		}
	};

	void polls(const FunctionDecl *In, BugReporter &BR) const
	{
		forEach(In->getBody(), [&](const Stmt *S) {
			const auto *For = dyn_cast<ForStmt>(S);
			const auto *While = dyn_cast<WhileStmt>(S);
			const auto *Do = dyn_cast<DoStmt>(S);
			const Expr *Condition = For ? For->getCond() : While ? While->getCond() : Do ? Do->getCond() : nullptr;
			const Stmt *Body = For ? For->getBody() : While ? While->getBody() : Do ? Do->getBody() : nullptr;
			Polling P{ S, BR.getSourceManager(), In->getASTContext() };
			Expr::EvalResult Ever;
			bool Asks = P.asks(Condition);

			if (!Body || byHeader(S->getBeginLoc(), P.SM) || (For && For->getInc()))
				return;
			if (!Asks && Condition && !(Condition->EvaluateAsInt(Ever, P.X) && Ever.Val.getInt() != 0))
				return;
			bool Leaves = Asks;
			forEach(Body, [&](const Stmt *X) { Leaves |= isa<BreakStmt, ReturnStmt, GotoStmt>(X); });
			if (Leaves && !P.endsOtherwise(Body, nullptr))
				reportIn(BR, S->getBeginLoc(), "untrusted-number", "only the device ends this loop, and one that is broken or was "
					 "unplugged never does: count the turns, or look at a deadline, and return -ETIMEDOUT");
		});
	}

	// --- user pointers ---

	static bool isUserPointer(CheckerContext &C, ProgramStateRef State, const MemRegion *R, bool OrParameter)
	{
		const auto *Sym = dyn_cast_or_null<SymbolicRegion>(R ? R->getBaseRegion() : nullptr);

		if (!Sym)
			return false;
		if (State->contains<UserPointers>(Sym->getSymbol()))
			return true;
		const auto *D = dyn_cast<SymbolData>(Sym->getSymbol());
		const auto *V = D ? dyn_cast_or_null<VarRegion>(D->getOriginRegion()) : nullptr;
		if (!OrParameter || !V || !isa<ParmVarDecl>(V->getDecl()))
			return false;
		const SourceManager &SM = C.getSourceManager();
		return Lexer::getSourceText(Lexer::getAsCharRange(SM.getExpansionRange(V->getDecl()->getSourceRange()), SM, C.getLangOpts()),
					    SM, C.getLangOpts()).contains("__user ");
	}

	// --- two elements that may be one ---

	static bool isTaken(ProgramStateRef State, SymbolRef S)
	{
		if (S)
			for (SymbolRef Part : S->symbols())
				if (cameBy(State, Part))
					return true;
		return false;
	}

	// Whether a function may write by two of its parameters, and does not look whether they are one.
	static bool writes(const FunctionDecl *FD, unsigned I, unsigned J)
	{
		const FunctionDecl *D = FD->getDefinition();
		bool Writes[2] = {}, Compares = false;
		const ParmVarDecl *Of[2] = { (D ? D : FD)->getParamDecl(I), (D ? D : FD)->getParamDecl(J) };
		auto Is = [](const Expr *E, const ParmVarDecl *P) {
			const auto *R = dyn_cast<DeclRefExpr>(E->IgnoreParenCasts());
			return R && R->getDecl() == P;
		};

		for (const ParmVarDecl *P : Of)
			if (!P->getType()->isPointerType() || P->getType()->getPointeeType().isConstQualified())
				return false;
		forEach(D ? D->getBody() : nullptr, [&](const Stmt *X) {
			const auto *B = dyn_cast<BinaryOperator>(X);
			const auto *U = dyn_cast<UnaryOperator>(X);
			const auto *C = dyn_cast<CallExpr>(X);
			bool Assigns = (B && B->isAssignmentOp()) || (U && U->isIncrementDecrementOp());

			for (int K : { 0, 1 }) {
				Writes[K] |= Assigns && names(B ? B->getLHS() : U->getSubExpr(), static_cast<const ValueDecl *>(Of[K]));
				for (const Expr *A : C ? C->arguments() : CallExpr::const_arg_range({}, {}))
					Writes[K] |= Is(A, Of[K]);
			}
			Compares |= B && B->isEqualityOp() && ((Is(B->getLHS(), Of[0]) && Is(B->getRHS(), Of[1])) ||
							       (Is(B->getLHS(), Of[1]) && Is(B->getRHS(), Of[0])));
		});
		return !D || (Writes[0] && Writes[1] && !Compares);
	}

	// f(&a[i], &a[j]), by numbers from outside of which nobody knows that they are not one.  True if that is a finding.
	bool mayBeOne(const CallEvent &Call, CheckerContext &C, ProgramStateRef State) const
	{
		const auto *FD = dyn_cast_or_null<FunctionDecl>(Call.getDecl());

		if (!FD || byHeader(FD, C.getSourceManager()))
			return false;
		for (unsigned J = 1; J < std::min(Call.getNumArgs(), FD->getNumParams()); J++)
			for (unsigned I = 0; I < J; I++) {
				const auto *A = dyn_cast_or_null<ElementRegion>(Call.getArgSVal(I).getAsRegion());
				const auto *B = dyn_cast_or_null<ElementRegion>(Call.getArgSVal(J).getAsRegion());

				if (!A || !B || A->getSuperRegion() != B->getSuperRegion() || A->getIndex() == B->getIndex() ||
				    !isTaken(State, A->getIndex().getAsSymbol()) || !isTaken(State, B->getIndex().getAsSymbol()) || !writes(FD, I, J))
					continue;
				if (State->assume(C.getSValBuilder().evalEQ(State, A->getIndex(), B->getIndex()), true)) {
					report(C, State, Call.getOriginExpr(), "loan-conflict", "'" + FD->getName() + "' writes both elements, which are one "
					       "if the numbers from outside are equal: compare them first, or divide the slice by hf_split_at()");
					return true;
				}
			}
		return false;
	}

	static ProgramStateRef believe(ProgramStateRef State, SymbolRef S, Side Which = Both)
	{
		if (S)
			for (SymbolRef Part : S->symbols())
				if (cameBy(State, Part) || memberOf(Part) || isByte(Part)) {
					const unsigned *Known = State->get<Believed>(Part);

					State = State->set<Believed>(Part, (Known ? *Known : 0) | Which);
				}
		return State;
	}

public:
	bool evalCall(const CallEvent &Call, CheckerContext &C) const
	{
		StringRef N = nameOf(Call);
		ProgramStateRef State = C.getState();
		const Expr *E = Call.getOriginExpr();
		const StackFrame *SF = C.getStackFrame();
		SValBuilder &B = C.getSValBuilder();

		if (!E)
			return false;
		// Whatever order the bytes of any number are in, it is any number.
		if (isSwap(N) && Call.getNumArgs() == 1) {
			if (!Call.getArgSVal(0).getAsSymbol() || E->getType().getCanonicalType() != Call.getArgExpr(0)->getType().getCanonicalType())
				return false;
			C.addTransition(State->BindExpr(E, SF, Call.getArgSVal(0)));
			return true;
		}
		if (N == "hf_dma_load_" || N == "hf_dma_load_if_" || N == "hf_sys_copy_from_user") {
			const APSInt *Size = Call.getArgSVal(2).getAsInteger();
			ProgramStateRef Done = Size ? fill(Call, C, State, Call.getArgSVal(0), Call.getArgSVal(1), Size->getZExtValue(),
								   N == "hf_dma_load_") : nullptr;
			bool Gated = N == "hf_dma_load_if_";

			if (!Done)
				return false;
			C.addTransition(N == "hf_dma_load_" ? Done : Done->BindExpr(E, SF, B.makeIntVal(Gated, E->getType())));
			if (N != "hf_dma_load_")
				C.addTransition((Gated ? State : Done)->BindExpr(E, SF, B.makeIntVal(!Gated, E->getType())));
			return true;
		}
		if (N == "hf_user_ptr" || N == "hf_pages_load_u32") {
			const auto *RT = Call.getResultType()->getAs<RecordType>();
			BasicValueFactory &BV = B.getBasicValueFactory();
			const StackFrame *User;

			if (!RT || RT->getDecl()->getDefinitionOrSelf()->field_begin()->getName() != "val_")
				return false;
			QualType T = RT->getDecl()->getDefinitionOrSelf()->field_begin()->getType();
			bool IsPointer = T->isPointerType();
			DefinedOrUnknownSVal V = B.conjureSymbolVal(Call, IsPointer ? T : C.getASTContext().UnsignedIntTy, C.blockCount(), this);
			SymbolRef S = V.getAsSymbol();
			if (!S)
				return false;
			if (IsPointer) {
				State = State->add<UserPointers>(S);
			} else if (std::optional<NonLoc> At = Call.getArgSVal(1).getAs<NonLoc>()) {
				SVal Word = State->getLValue(C.getASTContext().UnsignedCharTy, *At, Call.getArgSVal(0));

				State = State->set<Copies>(S, Copy{ Word.getAsRegion(), userStmt(C, E, &User) });
			}
			SVal Value = IsPointer ? SVal(V) : SVal(B.makeCompoundVal(T, BV.prependSVal(V, BV.getEmptySValList())));
			for (int Err : { 0, -14 })
				C.addTransition(State->BindExpr(E, SF, B.makeCompoundVal(Call.getResultType(), BV.prependSVal(Value,
					BV.prependSVal(B.makeIntVal(Err, C.getASTContext().IntTy), BV.getEmptySValList())))));
			return true;
		}
		return false;
	}

	// A number is taken out of its structure.
	void checkBeginFunction(CheckerContext &C) const
	{
		const auto *FD = dyn_cast<FunctionDecl>(C.getStackFrame()->getDecl());
		StringRef N = FD && FD->getIdentifier() ? FD->getName() : StringRef();
		ProgramStateRef State = C.getState();

		if (!FD || !FD->getNumParams() || !N.starts_with("hf_"))
			return;
		const VarRegion *X = State->getRegion(FD->getParamDecl(0), C.getStackFrame());
		const StackFrame *SF;
		// What the driver itself calls untrusted is its own.
		if (N.starts_with("hf_untrusted_u") && !C.inTopFrame() &&
		    !byHeader(C.getStackFrame()->getParent()->getDecl(), C.getSourceManager()) &&
		    !byHeader(C.getStackFrame()->getCallSite()->getBeginLoc(), C.getSourceManager())) {
			if (SymbolRef S = State->getSVal(X).getAsSymbol())
				C.addTransition(State->set<Believed>(S, Both));
			return;
		}
		if (!isCheck(N) && !isAccept(N) && !N.starts_with("hf_mask_u"))
			return;
		SymbolRef S = withoutCasts(load(State, member(State, X, X->getValueType(), "val_")).getAsSymbol());
		const Stmt *By = userStmt(C, nullptr, &SF);
		if (!S || !By)
			return;
		const auto *Of = dyn_cast<SymbolDerived>(S);
		if (const FieldDecl *const *Phase = Of ? State->get<Phases>(Of->getParentSymbol()) : nullptr; Phase && *Phase != copiedMember(S)) {
			const Stmt *At = copyOf(State, S)->By;

			say(C, State, At, "device-memory", text(C, At) + " copies the whole before its phase was looked at, so that '" +
			    (copiedMember(S) ? copiedMember(S)->getName() : StringRef("the rest")) + "' may be from before the device wrote it: copy by ..._read_if()");
			return;
		}
		if (isAccept(N))
			for (SymbolRef First : State->get<Checked>())
				if (isSecondCopy(State, First, S)) {
					say(C, State, By, "device-memory", text(C, By) + " takes the number out of a second copy, which others may have "
					    "changed since the first one was checked in line " + Twine(C.getSourceManager().getExpansionLineNumber(
						copyOf(State, First)->By->getBeginLoc())) + ": copy once, and use the number that was checked");
					return;
				}
		if (isCheck(N) && (copiedMember(S) || !isa<SymbolDerived>(S)) && copyOf(State, S))
			State = State->add<Checked>(S);
		C.addTransition(State->set<Taken>(S, By));
	}

	void checkPreCall(const CallEvent &Call, CheckerContext &C) const
	{
		StringRef N = nameOf(Call);
		ProgramStateRef State = C.getState();

		if (!Call.getOriginExpr())
			return;
		if (N == "hf_violation_fatal") {
			checkExpectation(Call, C);
			return;
		}
		if (!byHeader(C.getStackFrame()->getDecl(), C.getSourceManager()) && expects(Call, C))
			return;
		if (mayBeOne(Call, C, State))
			return;
		if (N == "hf_require_below_at") {
			const APSInt *Len = Call.getArgSVal(2).getAsInteger();
			std::optional<APSInt> Most;

			if (Len)
				Most = wide(*Len) - wide(1);
			tooGreat(C, State, Call.getArgSVal(1), Most, true, "an index that was promised to be inside, so that it stops the machine");
			return;
		}
		if (N == "hf_sys_copy_from_user") {
			const StackFrame *SF;
			const MemRegion *To = arrayOf(Call.getArgSVal(0)), *From = arrayOf(Call.getArgSVal(1));

			if (To && From && isa<FieldRegion, VarRegion>(To))
				C.addTransition(State->set<Filled>(To, Copy{ From, userStmt(C, Call.getOriginExpr(), &SF) }));
			return;
		}
		if (N == "hf_sys_copy_to_user") {
			const APSInt *Size = Call.getArgSVal(2).getAsInteger();
			const MemRegion *R = Call.getArgSVal(1).getAsRegion();
			const auto *TR = dyn_cast_or_null<TypedValueRegion>(R ? R->StripCasts() : nullptr);

			if (const MemRegion *A = arrayOf(Call.getArgSVal(1)); Size && State->contains<Partly>(A) && room(A) == Size->getZExtValue() &&
			    !isCleared(C, A))
				report(C, State, Call.getOriginExpr(), "padding-to-user", Twine("'") + nameOf(A) + "' goes to the user whole, but only its "
				       "beginning was written here, and behind it is what was there before: give as many bytes as there are");
			else if (const FieldDecl *F = Size && TR ? padded(C, State, TR, Size->getZExtValue()) : nullptr)
				report(C, State, Call.getOriginExpr(), "padding-to-user", Twine("'") + nameOf(TR) + "' has padding behind '" +
				       F->getName() + "', and the user gets what the stack had there: make a member of it, and use HF_WIRE_TYPE() and "
				       "hf_bytes_of()");
			else if (const FieldDecl *F = Size && isa_and_nonnull<VarRegion>(TR) && !State->contains<Settled>(TR) && room(TR) == Size->getZExtValue()
				 ? unset(C, State, loc::MemRegionVal(TR), TR->getValueType()) : nullptr)
				report(C, State, Call.getOriginExpr(), "padding-to-user", Twine("nobody wrote '") + nameOf(TR) + "." + F->getName() +
				       "' on this way, and the user gets what the stack had there: begin with = { 0 }, or write all members");
			return;
		}
		StringRef Plain = N;
		Plain.consume_front("__builtin_");
		Plain.consume_front("__builtin___");
		Plain.consume_back("_chk");
		if (Plain == "memcpy" || Plain == "memmove" || Plain == "memset") {
			std::optional<APSInt> Most;

			for (unsigned I = 0; I < (Plain == "memset" ? 1u : 2u); I++) {
				const MemRegion *R = Call.getArgSVal(I).getAsRegion();

				if (isUserPointer(C, State, R, false)) {
					report(C, State, Call.getOriginExpr(), "device-memory", "this is the address of user memory, which only "
					       "hf_uaccess_reader() and hf_uaccess_writer() may touch");
					return;
				}
				if (uint64_t Room = room(R); Room && (!Most || wide(Room) < *Most))
					Most = wide(Room);
			}
			State = partly(Call, C, State, Plain == "memset");
			if (const MemRegion *To = arrayOf(Call.getArgSVal(0)))
				State = State->remove<Filled>(To);
			if (!Most) {
				SymbolRef S = Call.getArgSVal(2).getAsSymbol();

				if (!S || C.getASTContext().getIntWidth(S->getType()) < 32) {
					C.addTransition(State);
					return;
				}
			}
			if (tooGreat(C, State, Call.getArgSVal(2), Most, false, "the length of a " + Plain + "()", Most ? Upper : AnyUpper))
				return;
			if (Most)
				useOfMember(C, State, Call.getArgSVal(2), Most->getZExtValue() + 1, ("the length of a " + Plain + "()").str());
			if (State != C.getState())
				C.addTransition(State);
			return;
		}
		if (isAllocation(Plain)) {
			for (unsigned I = 0; I < Call.getNumArgs(); I++)
				if (measures(C, State, Call.getArgSVal(I)) || isHuge(C, State, Call.getArgSVal(I), "the size of an allocation"))
					return;
			return;
		}
		if (Plain == "strnlen" || Plain == "memchr" || Plain == "strnchr") {
			if (const MemRegion *R = arrayOf(Call.getArgSVal(0)))
				C.addTransition(State->add<Settled>(R));
			return;
		}
		for (unsigned I : strings(Call))
			if (hasNoEnd(C, State, Call.getArgSVal(I))) {
				std::string Name = nameOf(arrayOf(Call.getArgSVal(I)));

				report(C, State, Call.getOriginExpr(), "length-unknown", (Name.empty() ? Twine("the array") : "'" + Twine(Name) + "'") +
				       " was filled by others, and need not end in a zero, which '" + N + "' looks for: use strnlen(), or a slice");
				return;
			}
	}

	// What another file says about a number is believed.
	void checkPostCall(const CallEvent &Call, CheckerContext &C) const
	{
		ProgramStateRef State = C.getState();
		StringRef N = nameOf(Call);
		const auto *FD = dyn_cast_or_null<FunctionDecl>(Call.getDecl());

		if (N.ends_with("_view_") && byHeader(FD, C.getSourceManager())) {
			const StackFrame *SF;
			const Stmt *By = userStmt(C, Call.getOriginExpr(), &SF);

			if (const MemRegion *R = viewed(C, State, Call.getReturnValue()))
				C.addTransition(State->set<Views>(R, By));
			return;
		}
		if (N.starts_with("__builtin_") && N.ends_with("_overflow") && Call.getReturnValue().isZeroConstant())
			if (SymbolRef S = load(State, Call.getArgSVal(2)).getAsSymbol())
				C.addTransition(fitting(C, State->add<Fitting>(S), dyn_cast<SymIntExpr>(S)));
		if (C.wasInlined || isSwap(N) || N.starts_with("mem") || N.starts_with("__builtin_") || N.starts_with("hf_") || (FD && FD->isVariadic()))
			return;
		// What gives nothing says nothing.
		for (unsigned I = 0; I < Call.getNumArgs() && !Call.getResultType()->isVoidType(); I++)
			State = believe(State, Call.getArgSVal(I).getAsSymbol());
		// Meanwhile the other side may have answered.
		for (SymbolRef S : State->get<Checked>())
			State = State->remove<Checked>(S);
		if (State != C.getState())
			C.addTransition(State);
	}

	// What a sum or a difference that fits tells of the number that was calculated with.
	static ProgramStateRef fitting(CheckerContext &C, ProgramStateRef State, const SymIntExpr *E)
	{
		SymbolRef N = E ? E->getLHS() : nullptr;
		bool Adds = E && E->getOpcode() == BO_Add;

		if (!N || (!Adds && E->getOpcode() != BO_Sub) || N->getType() != E->getType() || !N->getType()->isUnsignedIntegerType())
			return State;
		SValBuilder &B = C.getSValBuilder();
		APSInt By = APSInt(E->getRHS());
		APSInt Bound = Adds ? APSInt(APSInt::getMaxValue(By.getBitWidth(), true) - By, true) : By;
		SVal Fits = B.evalBinOp(State, Adds ? BO_LE : BO_GE, B.makeSymbolVal(N), B.makeIntVal(Bound), B.getConditionType());
		ProgramStateRef Known = isa<DefinedSVal>(Fits) ? State->assume(Fits.castAs<DefinedSVal>(), true) : nullptr;
		return Known ? Known : State;
	}

	// The pointer in the result of hf_view().
	static const MemRegion *viewed(CheckerContext &C, ProgramStateRef State, SVal V)
	{
		auto L = V.getAs<nonloc::LazyCompoundVal>();
		const auto *RT = L ? L->getRegion()->getValueType()->getAs<RecordType>() : nullptr;

		if (!RT)
			return nullptr;
		// The result is one of a pointer, whose error has the same place.
		for (const FieldDecl *F : RT->getDecl()->getDefinitionOrSelf()->fields()) {
			SVal Place = F->isAnonymousStructOrUnion()
				? member(State, State->getLValue(F, loc::MemRegionVal(L->getRegion())).getAsRegion(), F->getType(), "val_")
				: UnknownVal();

			if (isa<Loc>(Place))
				return C.getStoreManager().getBinding(L->getStore(), Place.castAs<Loc>()).getAsRegion();
		}
		return nullptr;
	}

	// hf_slice_unchecked() of as many elements as others say.  True if that is a finding.
	bool makesSlice(CheckerContext &C, const CompoundLiteralRegion *Slice) const
	{
		SourceLocation At = Slice->getLiteralExpr()->getBeginLoc();
		ProgramStateRef State = C.getState();

		if (!At.isMacroID() || Lexer::getImmediateMacroName(At, C.getSourceManager(), C.getLangOpts()) != "hf_slice_unchecked")
			return false;
		const MemRegion *Ptr = member(State, Slice, Slice->getValueType(), "ptr_").getAsRegion();
		const auto *P = dyn_cast_or_null<TypedValueRegion>(Ptr);
		uint64_t Room = P ? room(load(State, loc::MemRegionVal(P)).getAsRegion()) : 0;
		uint64_t Each = P && !P->getValueType()->getPointeeType()->isIncompleteType()
			? C.getASTContext().getTypeSizeInChars(P->getValueType()->getPointeeType()).getQuantity() : 0;
		std::optional<APSInt> Most;

		if (Room && Each)
			Most = wide(Room / Each);
		SVal Len = load(State, member(State, Slice, Slice->getValueType(), "len_"));
		SymbolRef S = withoutCasts(Len.getAsSymbol());
		// Any byte may well be as long as an object is whose size is not known.
		return S && (Most || C.getASTContext().getIntWidth(S->getType()) > 8) && tooGreat(C, State, Len, Most, false, "the length of a slice");
	}

	void checkLocation(SVal L, bool, const Stmt *S, CheckerContext &C) const
	{
		ProgramStateRef State = C.getState();

		if (const auto *Literal = dyn_cast_or_null<CompoundLiteralRegion>(L.getAsRegion()); Literal && makesSlice(C, Literal))
			return;
		if (isUserPointer(C, State, L.getAsRegion(), true)) {
			report(C, State, S, "device-memory", text(C, S) + " is in user memory, which only hf_uaccess_reader() and hf_uaccess_writer() may touch");
			return;
		}
		for (const MemRegion *R = L.getAsRegion(); R && isa<SubRegion>(R); R = cast<SubRegion>(R)->getSuperRegion()) {
			const auto *E = dyn_cast<ElementRegion>(R);
			uint64_t N = E ? elements(E->getSuperRegion()) : 0;

			// Behind a pointer, or at the end of a structure.
			if (E && !N && !byHeader(C.getStackFrame()->getDecl(), C.getSourceManager()) &&
			    isHuge(C, State, E->getIndex(), "an index"))
				return;
			if (!N || C.getASTContext().getCanonicalType(E->getValueType()).getUnqualifiedType() !=
				  C.getASTContext().getCanonicalType(C.getASTContext().getBaseElementType(
					cast<TypedValueRegion>(E->getSuperRegion())->getValueType())).getUnqualifiedType())
				continue;
			std::string What = "an index of " + sized(nameOf(E->getSuperRegion()), N);
			if (tooGreat(C, State, E->getIndex(), wide(N - 1), true, What))
				return;
			useOfMember(C, State, E->getIndex(), N, What);
		}
	}

	// The number that a member has at the end of the function may be found there by another one.
	void checkBind(SVal L, SVal V, const Stmt *By, bool, CheckerContext &C) const
	{
		const auto *E = dyn_cast_or_null<ElementRegion>(L.getAsRegion());

		// A zero may be anywhere in it now.
		if (E && !E->getIndex().isConstant()) {
			C.addTransition(C.getState()->add<Settled>(E->getSuperRegion())->remove<Partly>(E->getSuperRegion()));
			return;
		}
		if (const auto *Var = dyn_cast_or_null<VarRegion>(L.getAsRegion()); Var && Var->getValueType()->isRecordType() && !isa<DeclStmt>(By)) {
			C.addTransition(C.getState()->add<Settled>(Var));
			return;
		}
		const auto *F = dyn_cast_or_null<FieldRegion>(L.getAsRegion());
		SymbolRef S = V.getAsSymbol();

		if (F && takenBy(C.getState(), S) && C.getSourceManager().isInMainFile(C.getSourceManager().getExpansionLoc(F->getDecl()->getLocation())))
			C.addTransition(C.getState()->set<StoredIn>(F, S));
		else if (F && C.getState()->get<StoredIn>(F))
			C.addTransition(C.getState()->remove<StoredIn>(F));
	}

	void checkEndFunction(const ReturnStmt *, CheckerContext &C) const
	{
		ProgramStateRef State = C.getState();

		if (!C.inTopFrame())
			return;
		for (auto P : State->get<StoredIn>())
			if (const Stmt *By = takenBy(State, P.second); By && isAny(State, P.second))
				Stores.try_emplace(cast<FieldRegion>(P.first)->getDecl(), By);
	}

	void checkEndOfTranslationUnit(const TranslationUnitDecl *TU, AnalysisManager &AM, BugReporter &BR) const
	{
		const SourceManager &SM = AM.getSourceManager();
		Compared Known(Loops);

		for (const Decl *D : TU->decls())
			if (const auto *F = dyn_cast<FunctionDecl>(D); F && F->doesThisDeclarationHaveABody() &&
			    SM.isInMainFile(SM.getExpansionLoc(F->getLocation())) && !byHeader(F, SM))
				polls(F, BR);
		if (Stores.empty() || Uses.empty())
			return;
		Known.TraverseDecl(const_cast<TranslationUnitDecl *>(TU));
		for (auto &P : Stores) {
			auto U = Uses.find(P.first);

			if (U == Uses.end() || Known.Members.contains(P.first) || !Said.insert(P.second).second)
				continue;
			BR.EmitBasicReport(P.first, this, "Holdfast rule", "Holdfast",
				("'" + P.first->getName() + "' takes any number from outside here, and line " + Twine(U->second.Line) + " uses it as " +
				 U->second.What + ": check it by hf_below() before it is stored [untrusted-number]").str(),
				PathDiagnosticLocation(AM.getSourceManager().getExpansionLoc(P.second->getBeginLoc()), AM.getSourceManager()));
		}
	}

	// --- operators ---

	void checkPreStmt(const BinaryOperator *B, CheckerContext &C) const
	{
		ProgramStateRef State = C.getState();

		if (B->isComparisonOp())
			compare(C, State, B);
		else if (!byHeader(C.getStackFrame()->getDecl(), C.getSourceManager()) && B->getType()->isIntegralOrEnumerationType())
			calculate(C, State, B);
	}

	// Whether the analyzer draws the right conclusions from a comparison with a constant.
	static bool isPlain(ProgramStateRef State, SymbolRef S)
	{
		S = withoutCasts(S);
		if (const auto *E = dyn_cast<SymIntExpr>(S); E && (E->getOpcode() == BO_Add || E->getOpcode() == BO_Sub))
			S = withoutCasts(E->getLHS());
		return isa<SymbolData>(S) || State->get<Taken>(S);
	}

	void compare(CheckerContext &C, ProgramStateRef State, const BinaryOperator *B) const
	{
		SVal L = C.getSVal(B->getLHS()), R = C.getSVal(B->getRHS());

		if (boundsLoop(C, State, B, R) || turn(C, State, B, L, R))
			return;
		// A door of the headers checks what it is given.  That a number is not negative is no bound.
		bool InHeader = byHeader(B->getOperatorLoc(), C.getSourceManager());
		if (B->isRelationalOp() && InHeader && (measures(C, State, L) || measures(C, State, R)))
			return;
		SymbolRef A = L.getAsSymbol(), Other = R.getAsSymbol();
		if (A && withoutCasts(A) == withoutCasts(Other))
			return;
		if (B->isEqualityOp() && !InHeader) {
			State = looksAtPhase(C, State, A, Other);
			State = looksAtPhase(C, State, Other, A);
		}
		if (B->isRelationalOp() && !InHeader && (wraps(C, State, B, B->getLHS(), A, R) || wraps(C, State, B, B->getRHS(), Other, L)))
			return;
		// Of two numbers evalAssume() sees which is the smaller one.
		SVal Result = C.getSValBuilder().evalBinOp(State, B->getOpcode(), L, R, B->getType());
		bool Seen = A && Other && isPlain(State, A) && isPlain(State, Other) && isa_and_nonnull<SymSymExpr>(Result.getAsSymbol());
		for (SVal V : { L, R })
			if (isLengthOfPacket(State, V.getAsSymbol()) && (L.isConstant() || R.isConstant()))
				State = believe(State, V.getAsSymbol(), Kept);
		for (SVal V : { L, R })
			if (SymbolRef S = V.getAsSymbol(); S && !Seen)
				if (SVal By = V == L ? R : L; !By.isConstant() || (!isPlain(State, S) && !(InHeader && (By.isConstant(0) || By.isConstant(1)))))
					State = believe(State, S, isLengthOfPacket(State, By.getAsSymbol()) ? Side(Lower | OfPacket) : Both);
		if (State != C.getState())
			C.addTransition(State);
	}

	// A bit of a copied element is compared with a member that the file flips: it tells whether the device wrote the element.
	ProgramStateRef looksAtPhase(CheckerContext &C, ProgramStateRef State, SymbolRef Bit, SymbolRef Expected) const
	{
		const auto *Mask = dyn_cast_or_null<SymIntExpr>(withoutCasts(Bit));
		const auto *Of = Mask && Mask->getOpcode() == BO_And ? dyn_cast<SymbolDerived>(withoutCasts(Mask->getLHS())) : nullptr;
		const Copy *From = Of ? copyOf(State, Of) : nullptr;
		const FieldDecl *Phase = memberOf(Expected);
		bool Flips = false;

		if (!From || !From->Early || !copiedMember(Of) || !Phase)
			return State;
		for (const Decl *D : C.getASTContext().getTranslationUnitDecl()->decls())
			if (const auto *F = dyn_cast<FunctionDecl>(D); F && F->doesThisDeclarationHaveABody() && !byHeader(F, C.getSourceManager()))
				forEach(F->getBody(), [&](const Stmt *X) {
					const auto *B = dyn_cast<BinaryOperator>(X);
					const auto *M = B && B->isAssignmentOp() ? dyn_cast<MemberExpr>(B->getLHS()->IgnoreParens()) : nullptr;
					const auto *U = B ? dyn_cast<UnaryOperator>(B->getRHS()->IgnoreParenImpCasts()) : nullptr;

					Flips |= M && M->getMemberDecl() == Phase &&
						 (B->getOpcode() == BO_XorAssign || (U && (U->getOpcode() == UO_LNot || U->getOpcode() == UO_Not)));
				});
		return Flips ? State->set<Phases>(Of->getParentSymbol(), copiedMember(Of)) : State;
	}

	// The variables and members that an expression names, also in the initialisers of its variables.
	static void named(const Stmt *S, std::set<const ValueDecl *> &All)
	{
		forEach(S, [&](const Stmt *X) {
			const auto *D = dyn_cast<DeclRefExpr>(X);
			const auto *M = dyn_cast<MemberExpr>(X);
			const auto *V = D ? dyn_cast<VarDecl>(D->getDecl()) : nullptr;

			if (M)
				All.insert(M->getMemberDecl());
			if (V && V->hasLocalStorage() && All.insert(V).second && V->getInit())
				named(V->getInit(), All);
		});
	}

	// Whether another comparison of the function looks at what @E is made of.
	static bool isComparedElsewhere(CheckerContext &C, const BinaryOperator *But, const Expr *E)
	{
		std::set<const ValueDecl *> Of;
		bool Found = false;

		named(E, Of);
		forEach(C.getStackFrame()->getDecl()->getBody(), [&](const Stmt *S) {
			const auto *B = dyn_cast<BinaryOperator>(S);
			std::set<const ValueDecl *> In;

			if (!B || B == But || !B->isRelationalOp() || byHeader(B->getOperatorLoc(), C.getSourceManager()))
				return;
			named(B, In);
			Found |= llvm::any_of(In, [&](const ValueDecl *D) { return Of.count(D); });
		});
		return Found;
	}

	// A number from outside of which nothing is known.
	static bool isOpen(ProgramStateRef State, SymbolRef S) { return takenBy(State, S) && isAny(State, S); }

	// if (offset + length > size), if (length < size - used), which let through what wraps.  True if that is a finding.
	bool wraps(CheckerContext &C, ProgramStateRef State, const BinaryOperator *B, const Expr *E, SymbolRef S, SVal Bound) const
	{
		for (const SymIntExpr *X; (X = dyn_cast_or_null<SymIntExpr>(withoutCasts(S))) && X->getOpcode() == BO_Add;)
			S = X->getLHS();
		S = withoutCasts(S);
		const auto *Sum = dyn_cast_or_null<SymSymExpr>(S);
		const auto *Rest = dyn_cast_or_null<IntSymExpr>(S);
		std::optional<Range> R = S ? rangeOf(State, S) : std::nullopt;

		if (!R || !R->Wraps)
			return false;
		if (SymbolRef Of = Bound.getAsSymbol())
			for (SymbolRef Part : Of->symbols())
				if (cameBy(State, Part))
					return false;
		if (Sum && Sum->getOpcode() == BO_Add && isOpen(State, Sum->getLHS()) && isOpen(State, Sum->getRHS()) &&
		    !isComparedElsewhere(C, B, E))
			say(C, State, B, "arithmetic-overflow", text(C, E) + " wraps, as the numbers from outside may be so large, and then passes "
			    "this comparison: add by hf_add_u32() or its like, or compare one with what the other leaves");
		else if (Rest && Rest->getOpcode() == BO_Sub && !Bound.isConstant() && !Rest->getLHS()->isZero() &&
			 isOpen(State, Rest->getRHS()) && !isComparedElsewhere(C, B, E))
			say(C, State, takenBy(State, Rest->getRHS()), "arithmetic-overflow", text(C, takenBy(State, Rest->getRHS())) +
			    " may be more than " + number(wide(APSInt(Rest->getLHS()))) + ", and then what line " + Twine(line(C)) +
			    " takes for the rest has wrapped: check it by hf_at_most(..., " + number(wide(APSInt(Rest->getLHS()))) + ")");
		else
			return false;
		return true;
	}

	// for (at = 0; at < len; at += n), where n may be 0.  True if that is a finding.
	bool turn(CheckerContext &C, ProgramStateRef &State, const Expr *Condition, SVal L, SVal R) const
	{
		const ParentMap &PM = C.getStackFrame()->getParentMap();
		const Stmt *Loop = PM.getParentIgnoreParenImpCasts(const_cast<Expr *>(Condition));

		if (!isa_and_nonnull<ForStmt, WhileStmt, DoStmt>(Loop) || byHeader(Loop->getBeginLoc(), C.getSourceManager()))
			return false;
		for (const Stmt *P = PM.getParent(Loop); P; P = PM.getParent(P))
			if (isa<ForStmt, WhileStmt, DoStmt>(P))
				return false;
		if (L.isConstant() && R.isConstant())
			return false;
		Turn Key{ C.getStackFrame(), Condition };
		const Operands *Before = State->get<Turns>(Key);
		State = State->set<Turns>(Key, { L, R });
		if (!Before)
			return false;
		ProgramStateRef Zero = State;
		const Stmt *By = nullptr;
		for (auto [Now, Then] : { std::pair(L, Before->first), std::pair(R, Before->second) })
			Zero = Zero ? allZero(C, Zero, Now.getAsSymbol(), Then.getAsSymbol(), By, Loop) : Zero;
		SValBuilder &V = C.getSValBuilder();
		auto Same = [&](SVal Now, SVal Then) {
			return Now == Then || V.evalEQ(Zero, V.simplifySVal(Zero, Now), V.simplifySVal(Zero, Then)).isConstant(1);
		};
		if (!By || !Zero || !Same(L, Before->first) || !Same(R, Before->second) || Counts(Loop, C.getASTContext()).Ends)
			return false;
		say(C, State, By, "untrusted-number", (By == Loop ? "a byte of what this loop reads may be 0, and then it" :
		    text(C, By) + " may give 0, and then the loop of line " + std::to_string(line(C, Loop))) +
		    " makes no step and does not end: check " + (By == Loop ? "that it is not 0" : "it by hf_in_range(..., 1, ...)"));
		return true;
	}

	// for (i = 0; i < n; i++) ... a[i] ...  True if that is a finding.
	bool boundsLoop(CheckerContext &C, ProgramStateRef State, const BinaryOperator *B, SVal N) const
	{
		const auto *D = dyn_cast<DeclRefExpr>(B->getLHS()->IgnoreParenImpCasts());
		const auto *I = D ? dyn_cast<VarDecl>(D->getDecl()) : nullptr;
		const ParentMap &PM = C.getStackFrame()->getParentMap();
		const Stmt *P = PM.getParentIgnoreParenImpCasts(const_cast<BinaryOperator *>(B));
		const Stmt *Loop = isa_and_nonnull<ForStmt, WhileStmt>(P) ? P : nullptr;
		SymbolRef S = N.getAsSymbol();

		if (!I || !Loop || !S || (B->getOpcode() != BO_LT && B->getOpcode() != BO_LE && B->getOpcode() != BO_NE) ||
		    (!takenBy(State, S) && !memberOf(S)))
			return false;
		LoopBody Body(I, B);
		for (const Stmt *X : Loop->children())
			if (X && (!isa<ForStmt>(Loop) || X != cast<ForStmt>(Loop)->getInit()))
				Body.TraverseStmt(const_cast<Stmt *>(X));
		if (Body.Otherwise || (Body.Tries && Body.Given))
			return false;
		const Expr *Of = Body.Index ? Body.Index->getBase()->IgnoreParenImpCasts() : nullptr;
		const auto *A = dyn_cast_or_null<MemberExpr>(Of);
		const auto *V = dyn_cast_or_null<DeclRefExpr>(Of);
		std::string Name = A ? A->getMemberDecl()->getName().str() : V ? V->getDecl()->getName().str() : "";
		// for (...; i++, p++) ... *p ..., from the first element on.
		for (const VarDecl *Step : Body.Steps)
			if (const MemRegion *R = arrayOf(load(State, State->getLValue(Step, C.getStackFrame()))); elements(R) && !Body.Elements) {
				Body.Elements = elements(R);
				Name = nameOf(R);
			}
		if (!Body.Elements)
			return false;
		std::string What = "the end of a loop over " + sized(Name, Body.Elements);
		Loops.insert(B);
		if (tooGreat(C, State, N, wide(Body.Elements - (B->getOpcode() == BO_LE)), false, What))
			return true;
		useOfMember(C, State, N, Body.Elements, What);
		return false;
	}

	// Whether an expression is reduced at once, so that it may wrap.  A loop's end is not.
	static bool isReduced(const ParentMap &PM, const Expr *E)
	{
		const auto *B = dyn_cast_or_null<BinaryOperator>(PM.getParentIgnoreParenImpCasts(const_cast<Expr *>(E)));

		if (B && B->isRelationalOp() && B->getRHS()->IgnoreParenImpCasts() == E)
			if (isa_and_nonnull<ForStmt, WhileStmt>(PM.getParentIgnoreParenImpCasts(const_cast<BinaryOperator *>(B))))
				return false;
		return B && (B->isComparisonOp() || B->getOpcode() == BO_And || B->getOpcode() == BO_Rem || B->getOpcode() == BO_Shr ||
			     B->getOpcode() == BO_AndAssign || B->getOpcode() == BO_RemAssign);
	}

	// Whether a number is given to a door of the headers, which refuses one that is too large.
	static bool isChecked(CheckerContext &C, const Expr *E)
	{
		const ParentMap &PM = C.getStackFrame()->getParentMap();
		const Stmt *P = PM.getParent(const_cast<Expr *>(E));

		while (isa_and_nonnull<ParenExpr, ImplicitCastExpr, CStyleCastExpr, UnaryOperator>(P))
			P = PM.getParent(const_cast<Stmt *>(P));
		if (const auto *Call = dyn_cast_or_null<CallExpr>(P))
			return byHeader(Call->getDirectCallee(), C.getSourceManager());
		const auto *DS = dyn_cast_or_null<DeclStmt>(P);
		const auto *V = DS && DS->isSingleDecl() ? dyn_cast<VarDecl>(DS->getSingleDecl()) : nullptr;
		return V && V->getName().starts_with("hf_");
	}

	void calculate(CheckerContext &C, ProgramStateRef State, const BinaryOperator *B) const
	{
		const auto *Assign = dyn_cast<CompoundAssignOperator>(B);
		BinaryOperatorKind Op = Assign ? BinaryOperator::getOpForCompoundAssignment(B->getOpcode()) : B->getOpcode();
		SVal L = C.getSVal(B->getLHS()), R = C.getSVal(B->getRHS());
		QualType T = Assign ? Assign->getComputationResultType() : B->getType();
		ASTContext &X = C.getASTContext();

		if (Assign)
			L = load(State, L);
		if (Assign && Op == BO_Add && sums(C, State, Assign, L, R))
			return;
		SymbolRef N = R.getAsSymbol();
		if (N && (Op == BO_Shl || Op == BO_Shr)) {
			std::optional<Range> Of = rangeOf(State, N);
			unsigned Bits = X.getIntWidth(T);

			if (Of && Of->Max >= wide(Bits) && takenBy(State, N)) {
				say(C, State, B, "untrusted-number", text(C, B) + " shifts " + Twine(Bits) + " bits by a number from outside that may be " +
				    number(Of->Max) + ": check it by hf_below(..., " + Twine(Bits) + "), or shift a wider type");
				return;
			}
		}
		if (const Stmt *By = N && (Op == BO_Div || Op == BO_Rem) ? zeroBy(C, State, R) : nullptr) {
			say(C, State, By, "untrusted-number", text(C, By) + " may give 0 here, and line " + Twine(line(C)) +
			    " divides by it: check it by hf_in_range(..., 1, ...)");
			return;
		}
		// A shift by it that left something, or a bit of a mask: what it may be is known there.
		if (N && (Op == BO_Shl || Op == BO_Shr || Op == BO_And)) {
			State = believe(State, N);
			if (State != C.getState())
				C.addTransition(State);
			return;
		}
		if ((Op != BO_Add && Op != BO_Sub && Op != BO_Mul && Op != BO_Shl) || isReduced(C.getStackFrame()->getParentMap(), B))
			return;
		if (Op == BO_Add || Op == BO_Mul)
			if (L.isConstant())
				std::swap(L, R);
		std::optional<Range> All = rangeOf(T, X), Of = operand(State, L, Op), With = operand(State, R, Op), Out = apply(Op, Of, With);
		SymbolRef S = L.getAsSymbol();
		const Stmt *By = takenBy(State, S, Out && All && Out->Min < All->Min ? Lower : AnyUpper);

		if (fits(Out, All) || (!By && !takenBy(State, R.getAsSymbol())))
			return;
		// Who knows no greatest number may count on that it wraps, as a sequence number does.
		bool Any = Of->Wraps || (S && Of->Max == rangeOf(withoutCasts(S)->getType(), X)->Max && !isBelieved(State, S, AnyUpper));
		if (By && R.isConstant() && !Any) {
			if (Op == BO_Sub && isChecked(C, B))
				return;
			static const char *const Names[] = { "add", "sub", "mul", "mul" };
			StringRef Name = Names[Op == BO_Add ? 0 : Op == BO_Sub ? 1 : 2];
			say(C, State, B, "arithmetic-overflow", text(C, B) + " wraps, as the number from outside may be " +
			    (Out->Min < All->Min ? number(Of->Min) : number(Of->Max)) + ": use hf_" + Name + "_size() or its like, or check first that the number is " +
			    (Out->Min < All->Min ? "large" : "small") + " enough");
		} else if (Op == BO_Add || Op == BO_Mul) {
			// It is one where it measures something.
			if (SymbolRef Result = C.getSValBuilder().evalBinOp(State, Op, L, R, T).getAsSymbol())
				C.addTransition(State->set<Misfits>(Result, B));
		}
	}

	// for (...) sum += length, in a type of 8 or 16 bits, where no turn looks whether it still fits.  True if it is kept in mind.
	static bool sums(CheckerContext &C, ProgramStateRef State, const CompoundAssignOperator *B, SVal L, SVal R)
	{
		const auto *D = dyn_cast<DeclRefExpr>(B->getLHS()->IgnoreParenImpCasts());
		const ParentMap &PM = C.getStackFrame()->getParentMap();
		const Stmt *Loop = PM.getParent(const_cast<CompoundAssignOperator *>(B));
		SymbolRef S = R.getAsSymbol();
		std::optional<Range> Each = S && takenBy(State, S) ? rangeOf(State, S) : std::nullopt, All = rangeOf(B->getType(), C.getASTContext());
		bool Looks = false;

		while (Loop && !isa<ForStmt, WhileStmt, DoStmt>(Loop))
			Loop = PM.getParent(Loop);
		if (!D || !Loop || byHeader(Loop->getBeginLoc(), C.getSourceManager()) || !Each || !All || All->Max > wide(0xffff) ||
		    B->getComputationResultType()->isUnsignedIntegerType() || Each->Max * turns(C, State, Loop) <= All->Max)
			return false;
		forEach(Loop, [&](const Stmt *X) {
			const auto *Compares = dyn_cast<BinaryOperator>(X);

			if (Compares && Compares->isRelationalOp())
				forEach(X, [&](const Stmt *Y) { Looks |= isa<DeclRefExpr>(Y) && cast<DeclRefExpr>(Y)->getDecl() == D->getDecl(); });
		});
		SymbolRef Sum = Looks ? nullptr : C.getSValBuilder().evalBinOp(State, BO_Add, L, R, B->getComputationResultType()).getAsSymbol();
		if (isa_and_nonnull<SymSymExpr>(Sum))
			C.addTransition(State->set<Misfits>(Sum, B));
		return Sum;
	}

	// How many turns a loop that counts up to a number may make: as many as one of 16 bits has, if that is not known.
	static APSInt turns(CheckerContext &C, ProgramStateRef State, const Stmt *Loop)
	{
		const auto *For = dyn_cast<ForStmt>(Loop);
		const auto *B = For ? dyn_cast_or_null<BinaryOperator>(For->getCond()) : nullptr;
		const auto *N = B && B->getOpcode() == BO_LT ? dyn_cast<DeclRefExpr>(B->getRHS()->IgnoreParenImpCasts()) : nullptr;
		const auto *V = N ? dyn_cast<VarDecl>(N->getDecl()) : nullptr;
		Expr::EvalResult Constant;

		if (B && B->getRHS()->EvaluateAsInt(Constant, C.getASTContext()))
			return wide(Constant.Val.getInt());
		SymbolRef S = V ? load(State, State->getLValue(V, C.getStackFrame())).getAsSymbol() : nullptr;
		std::optional<Range> R = S ? rangeOf(State, S) : std::nullopt;
		return R ? R->Max : wide(0xffff);
	}

	// What an operand can be.  Of one of the driver's own only what it is at least.
	static std::optional<Range> operand(ProgramStateRef State, SVal V, BinaryOperatorKind Op)
	{
		if (const APSInt *N = V.getAsInteger())
			return Range{ wide(*N), wide(*N) };
		SymbolRef S = V.getAsSymbol();
		if (S && takenBy(State, S))
			return rangeOf(State, S);
		if (S && takenBy(State, S, Lower))
			return rangeOf(State, S);
		return S && Op != BO_Sub ? std::optional(Range{ wide(1), wide(1) }) : std::nullopt;
	}

	// A number from outside that is stored in a type that does not have all its values.
	void checkPostStmt(const CastExpr *E, CheckerContext &C) const
	{
		ProgramStateRef State = C.getState();
		SymbolRef S = C.getSVal(E).getAsSymbol();
		const StackFrame *SF = C.getStackFrame();

		if (E->getCastKind() != CK_IntegralCast || !S || byHeader(SF->getDecl(), C.getSourceManager()))
			return;
		std::optional<Range> R = rangeOf(State, S), All = rangeOf(E->getType(), C.getASTContext());
		if (fits(R, All) || !takenBy(State, S, R->Max > All->Max ? AnyUpper : Lower))
			return;
		SVal V = C.getSValBuilder().makeNonLoc(S, S->getType(), E->getType());
		SymbolRef Cast = V.getAsSymbol();
		State = State->BindExpr(E, SF, V);
		if (C.getASTContext().getIntWidth(E->getType()) >= C.getASTContext().getIntWidth(S->getType()))
			State = State->set<CastTo>(S, Cast);
		else if (isa<ImplicitCastExpr>(E))
			State = State->set<Misfits>(Cast, E);
		C.addTransition(State);
	}

	void checkBranchCondition(const Stmt *Condition, CheckerContext &C) const
	{
		const auto *E = dyn_cast<Expr>(Condition);
		const auto *B = E ? dyn_cast<BinaryOperator>(E->IgnoreParenImpCasts()) : nullptr;
		ProgramStateRef State = C.getState();

		if (E && (!B || !B->isComparisonOp()) && !turn(C, State, E, C.getSVal(E), UnknownVal()) && State != C.getState())
			C.addTransition(State);
	}

	// Which of two numbers is at most the other one.
	ProgramStateRef evalAssume(ProgramStateRef State, SVal Condition, bool Holds) const
	{
		SymbolRef S = withoutCasts(Condition.getAsSymbol());

		// !x is x == 0.
		for (const auto *E = dyn_cast_or_null<SymIntExpr>(S); E && E->getRHS()->isZero() && BinaryOperator::isEqualityOp(E->getOpcode());
		     E = dyn_cast<SymIntExpr>(S)) {
			Holds ^= E->getOpcode() == BO_EQ;
			S = withoutCasts(E->getLHS());
		}
		const auto *E = dyn_cast_or_null<SymSymExpr>(S);
		if (!E || !BinaryOperator::isComparisonOp(E->getOpcode()) || withoutCasts(E->getLHS()) == withoutCasts(E->getRHS()))
			return State;
		BinaryOperatorKind Op = Holds ? E->getOpcode() : BinaryOperator::negateComparisonOp(E->getOpcode());
		bool Less = Op == BO_LT || Op == BO_LE || Op == BO_EQ, More = Op == BO_GT || Op == BO_GE || Op == BO_EQ;
		auto Below = [&](SymbolRef Bound) { return isLengthOfPacket(State, Bound) ? OfPacket : Upper; };
		State = Less ? believe(believe(State, E->getLHS(), Below(E->getRHS())), E->getRHS(), Lower) : State;
		return More ? believe(believe(State, E->getLHS(), Lower), E->getRHS(), Below(E->getLHS())) : State;
	}

	/*
	 * The analyzer forgets what it knows of a parameter's member after the last use of the parameter, though a copy of
	 * it may be in the argument of that use.
	 */
	void checkLiveSymbols(ProgramStateRef State, SymbolReaper &SR) const
	{
		for (auto P : State->get<Taken>())
			SR.markLive(P.first);
		for (auto P : State->get<Believed>())
			SR.markLive(P.first);
	}
};

} // namespace

void registerUntrusted(CheckerRegistry &Registry)
{
	Registry.addChecker<Untrusted>("holdfast.Untrusted", "Numbers, bytes and pointers from outside", "");
}
