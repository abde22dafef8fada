// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What the rules of the checker have in common: places in the source, values, names, reports. */
#ifndef HOLDFAST_CHECKER_RULES_H
#define HOLDFAST_CHECKER_RULES_H

#include "clang/AST/Attr.h"
#include "clang/AST/ParentMap.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Basic/Version.h"
#include "clang/Lex/Lexer.h"
#include "clang/StaticAnalyzer/Core/BugReporter/BugType.h"
#include "clang/StaticAnalyzer/Core/Checker.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/CallEvent.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/CheckerContext.h"
#include "clang/StaticAnalyzer/Frontend/CheckerRegistry.h"

using namespace clang;
using namespace ento;

inline bool byHeader(SourceLocation L, const SourceManager &SM)
{
	StringRef File = SM.getFilename(SM.getSpellingLoc(L));

	return File.contains("holdfast/") && File.ends_with(".h");
}

// Whether a function is one of the headers', or was made by one of their macros.
inline bool byHeader(const Decl *D, const SourceManager &SM)
{
	const Stmt *Body = D ? D->getBody() : nullptr;

	if (!D)
		return false;
	return byHeader(Body ? Body->getBeginLoc() : D->getLocation(), SM);
}

inline const Stmt *userStmt(CheckerContext &C, const Stmt *S, const StackFrame **Frame)
{
	const SourceManager &SM = C.getSourceManager();
	const StackFrame *SF = C.getStackFrame();

	if (!S)
		S = C.getPredecessor()->getStmtForDiagnostics();
	while (SF && byHeader(SF->getDecl(), SM)) {
		S = SF->getCallSite();
		SF = SF->getParent();
	}
	*Frame = SF;
	return SF ? S : nullptr;
}

inline unsigned line(CheckerContext &C, const Stmt *S = nullptr)
{
	const StackFrame *SF;

	S = userStmt(C, S, &SF);
	return S ? C.getSourceManager().getExpansionLineNumber(S->getBeginLoc()) : 0;
}

inline std::string nameOf(const MemRegion *R)
{
	std::string Name;

	for (; R; R = cast<SubRegion>(R)->getSuperRegion()) {
		if (const auto *V = dyn_cast<VarRegion>(R)) {
			StringRef N = V->getDecl()->getName();

			for (StringRef Prefix : { "hf_guard_", "hf_access_", "hf_reading_" })
				N.consume_front(Prefix);
			return Name.empty() ? N.str() : N.str() + "." + Name;
		}
		if (const auto *F = dyn_cast<FieldRegion>(R)) {
			StringRef N = F->getDecl()->getName();

			if (N == "own" || N.ends_with("_") || N.empty())
				;
			else if (Name.empty())
				Name = N.str();
			else
				Name = N.str() + "." + Name;
		}
		// What a parameter points to.
		if (const auto *P = dyn_cast<SymbolicRegion>(R))
			if (const auto *X = dyn_cast<SymbolRegionValue>(P->getSymbol()))
				if (const auto *V = dyn_cast<VarRegion>(X->getRegion()))
					return V->getDecl()->getName().str() + (Name.empty() ? "" : "->" + Name);
		if (!isa<SubRegion>(R))
			break;
	}
	return Name;
}

inline const MemRegion *base(SVal V)
{
	const MemRegion *R = V.getAsRegion();

	return R ? R->getBaseRegion() : nullptr;
}

// The member of a structure, by its name.
inline SVal member(ProgramStateRef State, const MemRegion *R, QualType T, StringRef Name)
{
	if (!R || T.isNull())
		return UnknownVal();
	if (const auto *RT = T->getAs<RecordType>())
		for (const FieldDecl *F : RT->getDecl()->getDefinitionOrSelf()->fields())
			if (F->getName() == Name)
				return State->getLValue(F, loc::MemRegionVal(R));
	return UnknownVal();
}

inline SVal load(ProgramStateRef State, SVal Place)
{
	return isa<Loc>(Place) ? State->getSVal(Place.castAs<Loc>()) : UnknownVal();
}

// Of an owner of type struct hf_owner: the place of its pointer.
inline SVal ptrPlace(ProgramStateRef State, const MemRegion *Own)
{
	const auto *TR = dyn_cast_or_null<TypedValueRegion>(Own);

	return TR ? member(State, Own, TR->getValueType(), "ptr_") : SVal(UnknownVal());
}

inline bool isNull(ProgramStateRef State, SVal V)
{
	std::optional<DefinedOrUnknownSVal> D = V.getAs<DefinedOrUnknownSVal>();

	return D && !D->isUnknown() && !State->assume(*D, true);
}

inline bool isNotNull(ProgramStateRef State, SVal V)
{
	std::optional<DefinedOrUnknownSVal> D = V.getAs<DefinedOrUnknownSVal>();

	return D && !D->isUnknown() && !State->assume(*D, false);
}

// All of a statement that is evaluated, from the outside in.
template <typename Fn> void forEach(const Stmt *S, const Fn &Do)
{
	if (!S || isa<UnaryExprOrTypeTraitExpr>(S))
		return;
	Do(S);
	if (const auto *X = dyn_cast<ChooseExpr>(S))
		return forEach(X->getChosenSubExpr(), Do);
	if (const auto *X = dyn_cast<GenericSelectionExpr>(S))
		return forEach(X->getResultExpr(), Do);
	for (const Stmt *X : S->children())
		forEach(X, Do);
}

// The borrowed text of an expression, short enough for a message.
inline std::string text(CheckerContext &C, const Stmt *S)
{
	const SourceManager &SM = C.getSourceManager();
	CharSourceRange R = Lexer::getAsCharRange(SM.getExpansionRange(S->getSourceRange()), SM, C.getLangOpts());
	StringRef T = Lexer::getSourceText(R, SM, C.getLangOpts());

	return T.empty() || T.size() > 40 || T.contains('\n') ? "this" : "'" + T.str() + "'";
}

inline const MemRegion *region(CheckerContext &C, SymbolRef Sym)
{
	return C.getSValBuilder().getRegionManager().getSymbolicRegion(Sym);
}

// Whether a pointer is to an object of its own, and not to a member of one.
inline bool isWhole(SVal V)
{
	const MemRegion *R = V.getAsRegion();

	for (; R && !isa<SymbolicRegion>(R); R = cast<SubRegion>(R)->getSuperRegion())
		if (!isa<ElementRegion>(R))
			return false;
	return R;
}

// The variable of an owner, or NULL if it is a place.
inline const VarRegion *variable(const MemRegion *Own)
{
	const auto *F = dyn_cast_or_null<FieldRegion>(Own);

	return F ? dyn_cast<VarRegion>(F->getSuperRegion()) : nullptr;
}

inline StringRef nameOf(const CallEvent &Call)
{
	const IdentifierInfo *II = Call.getCalleeIdentifier();

	return II ? II->getName() : StringRef();
}

inline bool isDrop(StringRef Name)
{
	return Name.ends_with("_own_drop") || Name.ends_with("_arc_drop") || Name.ends_with("_weak_drop");
}

inline const MemRegion *ownOf(ProgramStateRef State, const MemRegion *Handle)
{
	const auto *TR = dyn_cast_or_null<TypedValueRegion>(Handle);

	return TR ? member(State, Handle, TR->getValueType(), "own").getAsRegion() : nullptr;
}

inline bool names(const Expr *E, StringRef Name)
{
	if (const auto *D = dyn_cast<DeclRefExpr>(E))
		return D->getDecl()->getName() == Name;
	if (const auto *X = dyn_cast<ChooseExpr>(E))
		return names(X->getChosenSubExpr(), Name);
	for (const Stmt *S : E->children())
		if (const auto *X = dyn_cast_or_null<Expr>(S))
			if (names(X, Name))
				return true;
	return false;
}

// Whether an allocation waits for memory.  In the kernel __GFP_DIRECT_RECLAIM; in userspace GFP_KERNEL is 0.
inline bool mayWait(ASTContext &X, const llvm::APSInt &Flags)
{
	return X.Idents.get("__KERNEL__").hasMacroDefinition() ? (Flags.getZExtValue() & 0x400) != 0 : Flags == 0;
}

inline bool contains(QualType T, StringRef Member, int Depth = 0)
{
	if (T.isNull() || Depth > 8)
		return false;
	if (T->isArrayType())
		return contains(QualType(T->getArrayElementTypeNoTypeQual(), 0), Member, Depth + 1);
	if (const auto *RT = T->getAs<RecordType>())
		if (const RecordDecl *D = RT->getDecl()->getDefinition())
			for (const FieldDecl *F : D->fields())
				if (F->getName() == Member || contains(F->getType(), Member, Depth + 1))
					return true;
	return false;
}

// --- the functions of the file ---

using Functions = llvm::SmallPtrSet<const FunctionDecl *, 16>;

template <typename F> bool any(const Stmt *S, F Is)
{
	if (!S)
		return false;
	if (Is(S))
		return true;
	for (const Stmt *X : S->children())
		if (any(X, Is))
			return true;
	return false;
}

// A function and what it calls.
inline void reach(const FunctionDecl *FD, Functions &Found)
{
	const FunctionDecl *D = FD ? FD->getDefinition() : nullptr;

	if (D && Found.insert(D).second)
		any(D->getBody(), [&](const Stmt *S) {
			if (const auto *Call = dyn_cast<CallExpr>(S))
				reach(Call->getDirectCallee(), Found);
			return false;
		});
}

inline bool names(const Stmt *In, const ValueDecl *D)
{
	return any(In, [&](const Stmt *S) {
		const auto *M = dyn_cast<MemberExpr>(S);
		const auto *R = dyn_cast<DeclRefExpr>(S);

		return (M && M->getMemberDecl() == D) || (R && R->getDecl() == D);
	});
}

// Whether a function, or one that it calls, names a member.
inline bool names(const FunctionDecl *FD, const ValueDecl *D)
{
	Functions All;

	reach(FD, All);
	return llvm::any_of(All, [&](const FunctionDecl *X) { return names(X->getBody(), D); });
}

// Calls @Each for the functions of the file.
template <typename F> void eachFunction(const ASTContext &X, F Each)
{
	for (const Decl *D : X.getTranslationUnitDecl()->decls())
		if (const auto *FD = dyn_cast<FunctionDecl>(D); FD && FD->doesThisDeclarationHaveABody() &&
		    !byHeader(FD, X.getSourceManager()))
			Each(FD);
}

inline const CallExpr *callOf(const Stmt *S, StringRef Name)
{
	const auto *Call = dyn_cast<CallExpr>(S);
	const FunctionDecl *To = Call ? Call->getDirectCallee() : nullptr;

	return To && To->getIdentifier() && To->getName() == Name ? Call : nullptr;
}

inline const VarDecl *variableIn(const Stmt *In)
{
	const VarDecl *Found = nullptr;

	any(In, [&](const Stmt *S) {
		const auto *R = dyn_cast<DeclRefExpr>(S);
		return R && (Found = dyn_cast<VarDecl>(R->getDecl()));
	});
	return Found;
}

// The variable whose owner an expression gives up as a bare pointer.
inline const VarDecl *leakedBy(const Expr *E)
{
	const auto *M = dyn_cast<MemberExpr>(E->IgnoreParenCasts());
	const auto *Move = M && M->getMemberDecl()->getName() == "ptr_" ? callOf(M->getBase()->IgnoreParenCasts(), "hf_move_") : nullptr;

	return Move ? variableIn(Move->getArg(0)) : nullptr;
}

// The expression in which a move gives the bare pointer, or NULL.
inline const Expr *leakAround(CheckerContext &C, const Stmt *Move)
{
	const ParentMap &PM = C.getStackFrame()->getParentMap();

	do {
		Move = PM.getParent(Move);
	} while (isa_and_nonnull<MaterializeTemporaryExpr>(Move));

	const auto *M = dyn_cast_or_null<MemberExpr>(Move);

	return M && leakedBy(M) ? M : nullptr;
}

// A report that stands where the user wrote the mistake, not in a header's function.
class UserReport : public PathSensitiveBugReport {
	PathDiagnosticLocation Where;

public:
	UserReport(const BugType &BT, StringRef Text, const ExplodedNode *N, PathDiagnosticLocation W)
		: PathSensitiveBugReport(BT, Text, Text, N, W, nullptr), Where(W) {}
	PathDiagnosticLocation getLocation() const override { return Where; }
};

// A family of rules.
template <typename... Checks> class Rules : public Checker<Checks...> {
	const BugType BT{this, "Holdfast rule", "Holdfast"};

protected:
	void report(CheckerContext &C, ProgramStateRef State, const Stmt *S, StringRef Rule, const Twine &Text) const
	{
		const StackFrame *SF;

		S = userStmt(C, S, &SF);
		if (S)
			reportAt(C, State, S, Rule, Text);
	}

	// At a statement of the user's.
	void reportAt(CheckerContext &C, ProgramStateRef State, const Stmt *S, StringRef Rule, const Twine &Text) const
	{
		const SourceManager &SM = C.getSourceManager();
		ExplodedNode *N = C.generateErrorNode(State);
		if (!N)
			return;
		C.emitReport(std::make_unique<UserReport>(
			BT, (Text + " [" + Rule + "]").str(), N,
			PathDiagnosticLocation(SM.getExpansionLoc(S->getBeginLoc()), SM)));
	}

	// Of several functions together, where no path leads.
	void reportIn(BugReporter &BR, SourceLocation L, StringRef Rule, const Twine &Text) const
	{
		const SourceManager &SM = BR.getSourceManager();

		BR.emitReport(std::make_unique<BasicBugReport>(BT, (Text + " [" + Rule + "]").str(),
							       PathDiagnosticLocation(SM.getExpansionLoc(L), SM)));
	}
};

// The place of the owner that lends what a symbol points to, or NULL.
const MemRegion *lender(ProgramStateRef State, SymbolRef Borrow);

// The list or map that has an element still, or NULL.
const MemRegion *listOf(ProgramStateRef State, const MemRegion *Element);

void registerBorrows(CheckerRegistry &Registry);
void registerCallbacks(CheckerRegistry &Registry);
void registerUntrusted(CheckerRegistry &Registry);
void registerEnds(CheckerRegistry &Registry);

#endif
