// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A checker for Clang's static analyzer that knows which functions run beside others: interrupt handlers, timers,
 * threads and work items.
 *
 * Such a function is called by nobody in the file, so no path leads from what one function does to what is wrong with
 * it in the other.  At the end of the file each function that others may call is walked, with the functions of the
 * file that it calls, and what happens there is recorded with the locks that are held: waiting for a callback, waiting
 * for an event and notifying of it, registering a callback, initialising what it uses.  The rules compare the records.
 *
 * An object is known by the variable and the members that lead to it.  Where that is not enough to tell two objects
 * of one type apart, no rule speaks.
 */
#include "rules.h"

#include "clang/Analysis/Analyses/LiveVariables.h"
#include "clang/StaticAnalyzer/Core/PathSensitive/AnalysisManager.h"
#include "llvm/ADT/MapVector.h"

#include <functional>
#include <map>
#include <set>

namespace {

// Where something is: a variable, and the members that lead from it.  An owner is where its object is.
struct Place {
	std::string Path;		// empty: not known
	const FieldDecl *Last = nullptr;	// the last member that is the user's
	const VarDecl *Root = nullptr;

	// The object that the last member is part of.
	std::string object() const
	{
		size_t Dot = Path.rfind('.');

		return Dot == std::string::npos ? "" : Path.substr(0, Dot);
	}

	std::string name() const
	{
		size_t Dot = Path.find('.');
		std::string Name = (Root ? Root->getName().str() : "") + (Dot == std::string::npos ? "" : Path.substr(Dot));

		for (size_t I; (I = Name.find("[#")) != std::string::npos;)
			Name.erase(I + 1, Name.find(']', I) - I - 1);
		return Name.substr(0, Name.find(".*"));
	}

	bool isSameMember(const Place &X) const
	{
		if (Last || X.Last)
			return Last == X.Last;
		return Root && Root == X.Root && Root->hasGlobalStorage();
	}
};

struct Lock {
	Place At;
	StringRef Kind;
	const VarDecl *Guard = nullptr;
	bool Tries = false, Shares = false, Left = false;
	const RecordDecl *Type = nullptr;
	size_t Depth = 1;	// the frames that were there when it was taken
};

// A function that the walk is in: the call that led there, and what ends by it if it is a drop function.
struct Frame {
	unsigned Id;
	const FunctionDecl *Of;
	SourceLocation Call;
	Place Ends;

	bool operator==(const Frame &X) const { return Id == X.Id; }
};

enum What { Takes, WaitsFor, Finishes, WaitsEvent, Notifies, Registers, Initialises, Touches, Ends, Stores, Points, Starts, Reinits, Replaces, ReadsRcu };

struct Event {
	What Is;
	SourceLocation Where;
	const FunctionDecl *In, *Root;
	std::vector<Frame> Frames;	// the calls that lead here
	unsigned Order;
	Place At;			// the lock, event, owner, member or queue
	std::vector<Lock> Held, Passed;	// now, and before on every way
	std::vector<Lock> Inside;	// the access guards
	std::string Stem = "";		// of a callback
	Place Data = {};		// what the callback has
	std::string Handle = "";	// and its type
	Lock Taken = {};
	bool Always = false;	// on every way through the root, as far as it came
	bool Loops = false;	// in a loop
	std::string List = "";	// the type of the list that an element goes into
	std::vector<Event> Before = {};	// registrations

	// Where that is in the function that took a lock.
	SourceLocation under(const Lock &L) const { return L.Depth < Frames.size() ? Frames[L.Depth].Call : Where; }

	// The drop that leads here, of those since a lock was taken.
	const Frame *drop(const Lock &L) const
	{
		for (size_t I = L.Depth; I < Frames.size(); I++)
			if (!Frames[I].Ends.Path.empty())
				return &Frames[I];
		return nullptr;
	}
};

enum Context { Process, Soft, Hard };

// Who may use a variable of this function: nobody else; another thread; perhaps, as a function may have taken it back.
enum Use { Mine, ByRegistration, ByCaller, ByOthers, ByOthersPerhaps };

// A pointer to a variable of a function, in an object.
struct Local {
	const VarRegion *To;
	const MemRegion *In;	// the object
	const Stmt *By;
	unsigned Who;

	bool operator==(const Local &X) const { return To == X.To && In == X.In && By == X.By && Who == X.Who; }
	void Profile(llvm::FoldingSetNodeID &ID) const
	{
		ID.AddPointer(To);
		ID.AddPointer(In);
		ID.AddPointer(By);
		ID.AddInteger(Who);
	}
};

// What is called by a registration, whose functions share a name: the stem.
struct Callback {
	std::vector<const FunctionDecl *> Functions;
	Context Runs = Process;
};

// A file, as the rules see it.
class Facts {
	const ASTContext &Ctx;
	const SourceManager &SM;
	std::map<std::string, const RecordDecl *> Records;
	std::map<std::string, const FunctionDecl *> Made;	// by the headers
	std::map<const RecordDecl *, std::set<const Decl *>> Places;	// members and variables, by their type
	std::set<const VarDecl *> Changed, Moved;
	std::set<const FunctionDecl *> Called;
	std::set<const Expr *> Followed;	// addresses that a call is given which the walk enters, or knows

	// Of the walk.
	std::map<const VarDecl *, Place> Known;
	std::map<const VarDecl *, unsigned> Declared;
	std::vector<Frame> Frames;
	std::vector<Lock> Held, Passed, Inside;
	std::vector<Event> Registered;
	std::vector<const VarDecl *> Scope;
	Event Latest = {};	// registration, or what is to be registered
	const RecordDecl *Vma = nullptr;	// of a mapping under way, whose caller holds the lock of the process's memory
	unsigned Conditions = 0, Leaves = 0, Steps = 0, Order = 0, Calls = 0, Turns = 0;

public:
	std::vector<const FunctionDecl *> Functions, Roots;	// the user's; and those that others may call
	std::map<std::string, Callback> Callbacks;
	llvm::MapVector<const FunctionDecl *, std::vector<Event>> Events;	// by the root
	std::map<const FunctionDecl *, std::set<const FunctionDecl *>> Reached;
	std::map<std::string, Event> Bound;	// registrations, by the place of their owner
	std::set<const FieldDecl *> Escaped;	// their address is kept somewhere
	bool Complete = true;

	Facts(const TranslationUnitDecl *TU) : Ctx(TU->getASTContext()), SM(Ctx.getSourceManager())
	{
		collect(TU);
		for (const FunctionDecl *F : Functions)
			if (isRoot(F))
				Roots.push_back(F);
		for (const FunctionDecl *F : Roots)
			walkRoot(F);
	}

	static StringRef recordOf(QualType T)
	{
		while (T->isPointerType() || T->isArrayType())
			T = T->isArrayType() ? QualType(T->getArrayElementTypeNoTypeQual(), 0) : T->getPointeeType();
		const auto *RT = T->getAs<RecordType>();
		return RT ? RT->getDecl()->getName() : StringRef();
	}

	// The structure, also of the elements of an array.
	static const RecordDecl *definition(QualType T)
	{
		const auto *RT = QualType(T->getBaseElementTypeUnsafe(), 0)->getAs<RecordType>();
		return RT ? RT->getDecl()->getDefinition() : nullptr;
	}

	static bool isAtomic(const FunctionDecl *F)
	{
		for (const FunctionDecl *D : F->redecls())
			for (const auto *A : D->specific_attrs<RequiresCapabilityAttr>())
				for (const Expr *E : A->args())
					if (names(E, "hf_spinning") || names(E, "hf_spins_"))
						return true;
		return false;
	}

	// The callback that @F is for, or NULL.
	const Callback *callbackOf(const FunctionDecl *F) const
	{
		for (const auto &P : Callbacks)
			if (llvm::is_contained(P.second.Functions, F))
				return &P.second;
		return nullptr;
	}

	// What the functions of a callback do, those that are waited for together.
	template <typename Fn> void forCallback(const std::string &Stem, const Fn &Do) const
	{
		for (const std::string &N : { Stem, Stem + "_thread_" })
			if (auto C = Callbacks.find(N); C != Callbacks.end())
				for (const FunctionDecl *F : C->second.Functions)
					if (auto E = Events.find(F); E != Events.end())
						for (const Event &X : E->second)
							Do(X);
	}

	// The functions of the user that a function of the headers calls.
	std::set<const FunctionDecl *> behind(const std::string &Name) const
	{
		std::set<const FunctionDecl *> Found;

		if (auto M = Made.find(Name); M != Made.end())
			forEach(M->second->getBody(), [&](const Stmt *S) {
				const auto *C = dyn_cast<CallExpr>(S);
				const FunctionDecl *F =
					C && C->getDirectCallee() ? C->getDirectCallee()->getDefinition() : nullptr;

				if (F && !byHeader(F, SM))
					Found.insert(F);
			});
		return Found;
	}

	const FunctionDecl *made(const std::string &Name) const
	{
		auto M = Made.find(Name);
		return M == Made.end() ? nullptr : M->second;
	}

	bool isCalled(const FunctionDecl *F) const { return Called.count(F->getCanonicalDecl()); }

	// The functions of the user that a drop or the last put of anything calls.
	std::set<const FunctionDecl *> drops() const
	{
		std::set<const FunctionDecl *> All;

		for (const auto &P : Made)
			if (isDrop(P.first))
				for (const FunctionDecl *F : behind(P.first))
					All.insert(F);
		return All;
	}

	bool isQueued(const std::string &Stem) const
	{
		return llvm::any_of(Events, [&](const auto &P) {
			return llvm::any_of(P.second, [&](const Event &E) { return E.Is == Registers && E.Stem == Stem; });
		});
	}

	bool isWaitedFor(const std::string &Stem) const
	{
		auto R = Records.find(Stem);

		if (R != Records.end() && Callbacks.count(Stem))
			for (const FieldDecl *M : R->second->fields())
				if (M->getName() == "irq_" || M->getName() == "timer_" || M->getName() == "thread_")
					return true;
		return false;
	}

	// What a lock is known by: its member or variable, or its type if that is in one place only or in none of this file.
	const Decl *lockOf(const Lock &L) const
	{
		auto At = Places.find(L.Type);

		if (At != Places.end() && At->second.size() == 1)
			return *At->second.begin();
		if (L.At.Last)
			return L.At.Last;
		if (L.At.Root && L.At.Root->hasGlobalStorage())
			return L.At.Root;
		return At == Places.end() ? L.Type : nullptr;
	}

	// Whether another file may know the member.
	bool isOfThisFile(const FieldDecl *F) const { return F && SM.isInMainFile(SM.getExpansionLoc(F->getLocation())); }

private:
	// --- the file ---

	void collect(const TranslationUnitDecl *TU)
	{
		for (const Decl *D : TU->decls()) {
			if (const auto *R = dyn_cast<RecordDecl>(D); R && R->getName() == "hf_vma")
				Vma = cast<RecordDecl>(R->getCanonicalDecl());
			if (const auto *R = dyn_cast<RecordDecl>(D); R && R->isCompleteDefinition()) {
				Records[R->getName().str()] = R;
				for (const FieldDecl *M : R->fields())
					if (!isPrivate(M))
						Places[definition(M->getType())].insert(M);
			}
			if (const auto *V = dyn_cast<VarDecl>(D))
				Places[definition(V->getType())].insert(V->getCanonicalDecl());
			const auto *F = dyn_cast<FunctionDecl>(D);
			if (!F || !F->doesThisDeclarationHaveABody())
				continue;
			if (byHeader(F, SM)) {
				Made[F->getName().str()] = F;
				continue;
			}
			if (!SM.isInMainFile(SM.getExpansionLoc(F->getLocation())))
				continue;
			Functions.push_back(F);
			forEach(F->getBody(), [&](const Stmt *S) { look(S); });
		}
		for (const auto &P : Made) {
			StringRef N = P.first;
			bool IsThread = N.consume_back("_enter_thread_");
			std::string Stem = IsThread ? N.str() + "_thread_" : N.str();

			if (!IsThread && !N.consume_back("_enter_") && !N.consume_back("_call_"))
				continue;
			if (!IsThread)
				Stem = N.str();
			for (const FunctionDecl *F : behind(P.first)) {
				Callback &B = Callbacks[Stem];

				B.Functions.push_back(F);
				if (auto R = Records.find(Stem); R != Records.end())
					for (const FieldDecl *M : R->second->fields()) {
						if (M->getName() == "irq_")
							B.Runs = Hard;
						if (M->getName() == "timer_")
							B.Runs = recordOf(M->getType()) == "hf_sys_hrtimer" ? Hard : Soft;
					}
			}
		}
	}

	void look(const Stmt *S)
	{
		auto Mark = [](std::set<const VarDecl *> &Set, const Expr *E) {
			if (const auto *D = dyn_cast<DeclRefExpr>(E->IgnoreParenCasts()))
				if (const auto *V = dyn_cast<VarDecl>(D->getDecl()))
					Set.insert(V);
		};

		if (const auto *B = dyn_cast<BinaryOperator>(S); B && B->isAssignmentOp())
			Mark(Changed, B->getLHS());
		if (const auto *U = dyn_cast<UnaryOperator>(S); U && U->isIncrementDecrementOp())
			Mark(Changed, U->getSubExpr());
		if (const auto *U = dyn_cast<UnaryOperator>(S); U && U->getOpcode() == UO_AddrOf && !Followed.count(U))
			if (const auto *M = dyn_cast<MemberExpr>(U->getSubExpr()->IgnoreParens()))
				if (const auto *F = dyn_cast<FieldDecl>(M->getMemberDecl()))
					Escaped.insert(F);
		if (const auto *R = dyn_cast<ReturnStmt>(S); R && R->getRetValue())
			Mark(Moved, R->getRetValue());
		const auto *C = dyn_cast<CallExpr>(S);
		const FunctionDecl *F = C ? C->getDirectCallee() : nullptr;
		if (!F)
			return;
		if (byHeader(F, SM) || F->getDefinition() || F->getName().starts_with("__wake_up"))
			for (const Expr *A : C->arguments())
				forEach(A, [&](const Stmt *X) {
					if (const auto *U = dyn_cast<UnaryOperator>(X))
						Followed.insert(U);
				});
		Called.insert(F->getCanonicalDecl());
		if (F->getName() == "hf_move_")
			forEach(C->getArg(0), [&](const Stmt *X) {
				if (const auto *E = dyn_cast<Expr>(X))
					Mark(Moved, E);
			});
	}

	bool isRoot(const FunctionDecl *F) const
	{
		return F->getStorageClass() != SC_Static || callbackOf(F) || !Called.count(F->getCanonicalDecl());
	}

	// --- places ---

	static bool isPrivate(const FieldDecl *F)
	{
		StringRef N = F->getName();

		return N.empty() || N.ends_with("_") || N == "own" || F->getParent()->getName().starts_with("hf_");
	}

	// Whether a function of the headers gives what its argument is, owns or refers to.
	static bool isTransparent(StringRef N)
	{
		for (StringRef Front :
		     { "hf_ref_", "hf_mut_", "hf_lend_", "hf_move_", "hf_take_", "hf_clone_", "hf_arc_unique_", "hf_upgrade_" })
			if (N.starts_with(Front))
				return true;
		return N.ends_with("_arc_from_") || N.ends_with("_adopt_") || N.ends_with("_arc_result_");
	}

	static bool refers(QualType T)
	{
		StringRef N = T->isPointerType() ? StringRef() : recordOf(T);

		return T->isPointerType() || N.ends_with("_own") || N.ends_with("_arc") || N.ends_with("_weak") ||
		       N.ends_with("_result");
	}

	static Place placeOf(const VarDecl *V)
	{
		return { "#" + std::to_string(reinterpret_cast<uintptr_t>(V)), nullptr, V };
	}

	// Whether a front door's own variable is all that is known of where @V comes from.
	static bool isTemporary(const Place &P, const VarDecl *V)
	{
		return P.Root && P.Root->getName().starts_with("hf_") && !V->getName().starts_with("hf_") &&
		       P.Path.find('.') == std::string::npos;
	}

	Place placeOf(const VarDecl *V, int Depth) const
	{
		if (auto K = Known.find(V); K != Known.end())
			return K->second;
		if (refers(V->getType())) {
			if (Changed.count(V))
				return {};
			if (V->getInit())
				if (Place P = place(V->getInit(), Depth); !P.Path.empty() && !isTemporary(P, V))
					return P;
		}
		return placeOf(V);
	}

	// What @E is, refers to or owns.
	Place place(const Expr *E, int Depth = 0) const
	{
		auto In = [&](const Expr *X) { return place(X, Depth + 1); };

		if (!E || Depth > 40)
			return {};
		E = E->IgnoreParenCasts();
		if (const auto *X = dyn_cast<ChooseExpr>(E))
			return In(X->getChosenSubExpr());
		if (const auto *X = dyn_cast<StmtExpr>(E))
			return X->getSubStmt()->body_empty() ? Place{} : In(dyn_cast<Expr>(X->getSubStmt()->body_back()));
		if (const auto *X = dyn_cast<ConditionalOperator>(E)) {
			// Clang evaluates __builtin_strchr() of a literal; either side asks the same owner.
			Place A = In(X->getTrueExpr()), B = In(X->getFalseExpr());

			return A.Path == B.Path ? A : Place{};
		}
		if (const auto *X = dyn_cast<BinaryOperator>(E))
			return X->getOpcode() == BO_Comma ? In(X->getRHS()) : Place{};
		if (const auto *X = dyn_cast<UnaryOperator>(E)) {
			UnaryOperatorKind Op = X->getOpcode();

			return Op == UO_AddrOf || Op == UO_Deref || Op == UO_Extension ? In(X->getSubExpr()) : Place{};
		}
		if (const auto *X = dyn_cast<CompoundLiteralExpr>(E))
			return In(X->getInitializer());
		if (const auto *X = dyn_cast<InitListExpr>(E)) {
			for (const Expr *I : X->inits())
				if (Place P = In(I); !P.Path.empty())
					return P;
			return {};
		}
		if (const auto *X = dyn_cast<ArraySubscriptExpr>(E)) {
			Place P = In(X->getBase()), I = In(X->getIdx());
			Expr::EvalResult R;

			if (X->getIdx()->EvaluateAsInt(R, Ctx))
				I.Path = std::to_string(R.Val.getInt().getExtValue());
			P.Path = P.Path.empty() || I.Path.empty() ? "" : P.Path + "[" + I.Path + "]";
			return P;
		}
		if (const auto *X = dyn_cast<MemberExpr>(E)) {
			const auto *F = dyn_cast<FieldDecl>(X->getMemberDecl());
			Place P = In(X->getBase());

			if (!F || isPrivate(F))
				return P;
			if (!P.Path.empty())
				P.Path += "." + F->getName().str();
			P.Last = F;
			return P;
		}
		if (const auto *X = dyn_cast<CallExpr>(E)) {
			const FunctionDecl *F = X->getDirectCallee();

			if (!F || !byHeader(F, SM) || !X->getNumArgs())
				return {};
			if (F->getName() == "hf_guarded_")
				return In(X->getArg(1));
			return isTransparent(F->getName()) ? In(X->getArg(0)) : Place{};
		}
		if (const auto *X = dyn_cast<DeclRefExpr>(E))
			if (const auto *V = dyn_cast<VarDecl>(X->getDecl()))
				return placeOf(V, Depth + 1);
		return {};
	}

	// The type that HF_LOCKED_DEFINE() made, of a pointer to its lock or to a member of it.
	static const RecordDecl *typeOf(const Expr *E)
	{
		E = E->IgnoreParenCasts();
		if (const auto *U = dyn_cast<UnaryOperator>(E); U && U->getOpcode() == UO_AddrOf)
			E = U->getSubExpr()->IgnoreParenCasts();
		if (const auto *M = dyn_cast<MemberExpr>(E))
			if (const auto *F = dyn_cast<FieldDecl>(M->getMemberDecl()); F && F->getName() == "prim_")
				return F->getParent();
		const auto *RT = E->getType()->isPointerType() ? E->getType()->getPointeeType()->getAs<RecordType>() : nullptr;
		return RT ? RT->getDecl()->getDefinition() : nullptr;
	}

	// The variable of the guard that a pointer is to, if the file shows it.
	const VarDecl *guardOf(const Expr *E) const
	{
		const VarDecl *V = place(E).Root;

		return V && V->getName().starts_with("hf_guard_") ? V : nullptr;
	}

	// --- the walk ---

	void walkRoot(const FunctionDecl *F)
	{
		Known.clear();
		Declared.clear();
		Held.clear();
		Passed.clear();
		Inside.clear();
		Registered.clear();
		Scope.clear();
		Conditions = Leaves = Steps = Order = Calls = Turns = 0;
		Latest = {};
		if (callbackOf(F) && F->getNumParams()) {
			Known[F->getParamDecl(0)] = placeOf(F->getParamDecl(0));
			Known[F->getParamDecl(0)].Path = "@";
		}
		require(F);
		for (const ParmVarDecl *P : F->parameters())
			if (recordOf(P->getType()) == "hf_vma")
				Held.push_back(mmapLock());
		walk(F);
	}

	Lock mmapLock() const
	{
		Lock L;

		L.Type = Vma;
		return L;
	}

	// The locks that the caller holds: HF_REQUIRES().
	void require(const FunctionDecl *F)
	{
		for (const FunctionDecl *D : F->redecls())
			for (const auto *A : D->specific_attrs<RequiresCapabilityAttr>())
				for (const Expr *E : A->args())
					forEach(E, [&](const Stmt *S) {
						const auto *C = dyn_cast<CallExpr>(S);
						const FunctionDecl *Mark = C ? C->getDirectCallee() : nullptr;

						if (!Mark || !Mark->getName().starts_with("hf_mark_"))
							return;
						for (unsigned I = 0; I < F->getNumParams(); I++)
							if (D != F)
								Known[D->getParamDecl(I)] = placeOf(F->getParamDecl(I));
						Held.push_back({ place(C->getArg(0)), "", nullptr, false, A->isShared(), false,
								 typeOf(C->getArg(0)) });
					});
	}

	void walk(const FunctionDecl *F, SourceLocation L = {}, const Place &Ends = {})
	{
		Frames.push_back({ ++Calls, F, L, Ends });
		Reached[Frames.front().Of].insert(F);
		visit(F->getBody());
		Frames.pop_back();
	}

	// A call of a function that the file has.
	void enter(const FunctionDecl *F, ArrayRef<Place> Args, SourceLocation L, const Place &Ends = {})
	{
		if (Frames.size() > 8 || llvm::any_of(Frames, [&](const Frame &X) { return X.Of == F; }))
			return;
		for (unsigned I = 0; I < F->getNumParams() && I < Args.size(); I++)
			Known[F->getParamDecl(I)] = Args[I];
		walk(F, L, Ends);
	}

	Event &event(What Is, SourceLocation L, const Place &At)
	{
		std::vector<Event> &All = Events[Frames.front().Of];

		All.push_back(
			{ Is, SM.getExpansionLoc(L), Frames.back().Of, Frames.front().Of, Frames, ++Order, At, Held, Passed, Inside });
		All.back().Always = !Conditions && !Leaves;
		All.back().Loops = Turns;
		return All.back();
	}

	// What runs on some ways only.
	void branch(const Stmt *S, bool Excludes = true)
	{
		size_t N = Registered.size();

		Conditions++;
		visit(S);
		Conditions--;
		if (Excludes)
			Registered.resize(std::min(N, Registered.size()));
	}

	void visit(const Stmt *S)
	{
		if (!S || isa<UnaryExprOrTypeTraitExpr>(S))
			return;
		if (++Steps > 300000) {
			Complete = false;
			return;
		}
		if (isa<CompoundStmt>(S)) {
			size_t N = Scope.size();

			for (const Stmt *X : S->children())
				visit(X);
			close(N);
		} else if (const auto *If = dyn_cast<IfStmt>(S)) {
			visit(If->getCond());
			branch(If->getThen());
			branch(If->getElse());
		} else if (const auto *Sw = dyn_cast<SwitchStmt>(S)) {
			visit(Sw->getCond());
			branch(Sw->getBody());
		} else if (isa<ForStmt, WhileStmt, DoStmt>(S)) {
			// That of a front door ends at once.
			bool Turn = !isa<DoStmt>(S) || !byHeader(S->getBeginLoc(), SM);

			Turns += Turn;
			for (const Stmt *X : S->children())
				branch(X, false);
			Turns -= Turn;
		} else if (const auto *T = dyn_cast<ConditionalOperator>(S)) {
			visit(T->getCond());
			branch(T->getTrueExpr());
			branch(T->getFalseExpr());
		} else if (const auto *B = dyn_cast<BinaryOperator>(S); B && B->isLogicalOp()) {
			visit(B->getLHS());
			branch(B->getRHS(), false);
		} else if (const auto *DS = dyn_cast<DeclStmt>(S)) {
			for (const Decl *D : DS->decls())
				if (const auto *V = dyn_cast<VarDecl>(D)) {
					unsigned Was = Order;

					visit(V->getInit());
					declare(V);
					bind(Was, placeOf(V));
				}
		} else if (const auto *C = dyn_cast<ChooseExpr>(S)) {
			visit(C->getChosenSubExpr());
		} else if (const auto *G = dyn_cast<GenericSelectionExpr>(S)) {
			visit(G->getResultExpr());
		} else {
			for (const Stmt *X : S->children())
				visit(X);
			if (isa<ReturnStmt>(S) && Conditions)
				Leaves++;
			if (const auto *B = dyn_cast<BinaryOperator>(S);
			    B && B->getOpcode() == BO_Assign && B->getType()->isPointerType())
				event(Points, B->getExprLoc(), place(B->getLHS())).Data = place(B->getRHS());
			if (const auto *Call = dyn_cast<CallExpr>(S))
				call(Call);
			if (const auto *M = dyn_cast<MemberExpr>(S); M && callbackOf(Frames.front().Of))
				if (const auto *F = dyn_cast<FieldDecl>(M->getMemberDecl()); F && !isPrivate(F))
					event(Touches, M->getExprLoc(), place(M));
		}
	}

	// What was registered since @Was has its owner there.
	void bind(unsigned Was, const Place &Owner)
	{
		if (Latest.Order > Was)
			Bound[Owner.Path] = Latest;
	}

	void declare(const VarDecl *V)
	{
		const auto *A = V->getAttr<CleanupAttr>();
		StringRef Cleanup = A ? A->getFunctionDecl()->getName() : StringRef();

		Declared[V] = ++Order;
		if (Cleanup == "hf_guard_unlock_") {
			const auto *C = dyn_cast_or_null<CallExpr>(V->getInit() ? V->getInit()->IgnoreParenCasts() : nullptr);
			Expr::EvalResult R;

			if (!C || C->getNumArgs() < 5)
				return;
			Lock L{ place(C->getArg(0)), recordOf(C->getArg(0)->IgnoreParenCasts()->getType()), V };
			L.Kind.consume_front("hf_sys_");
			L.Shares = C->getArg(3)->EvaluateAsInt(R, Ctx) && R.Val.getInt() != 0;
			L.Tries = names(C->getArg(4), "HF_TRY");
			L.Type = typeOf(C->getArg(0));
			L.Depth = Frames.size();
			event(Takes, V->getLocation(), L.At).Taken = L;
			Held.push_back(L);
			if (!Conditions && !L.Tries)
				Passed.push_back(L);
		} else if (Cleanup == "hf_access_end_") {
			if (const auto *C =
				    dyn_cast_or_null<CallExpr>(V->getInit() ? V->getInit()->IgnoreParenCasts() : nullptr))
				Inside.push_back({ place(C->getArg(0)), "", V });
		} else if (Cleanup == "hf_guard_again_") {
			leave(V, true);
		} else if (Cleanup.ends_with("_arc_drop") ? !V->getInit() || !takes(V->getInit()) : !Cleanup.ends_with("_own_drop")) {
			return;
		}
		Scope.push_back(V);
	}

	// hf_unlocked(): of a guard that the file does not show any lock may be.
	void leave(const VarDecl *V, bool Left)
	{
		const VarDecl *Guard = guardOf(V->getInit());

		for (Lock &L : Held)
			if (!Guard || L.Guard == Guard)
				L.Left = Left;
	}

	void close(size_t N)
	{
		while (Scope.size() > N) {
			const VarDecl *V = Scope.back();
			StringRef Cleanup = V->getAttr<CleanupAttr>()->getFunctionDecl()->getName();

			Scope.pop_back();
			if (Cleanup == "hf_access_end_")
				llvm::erase_if(Inside, [&](const Lock &L) { return L.Guard == V; });
			else if (Cleanup == "hf_guard_unlock_")
				llvm::erase_if(Held, [&](const Lock &L) { return L.Guard == V; });
			else if (Cleanup == "hf_guard_again_")
				leave(V, false);
			else if (!Moved.count(V))
				drop(Cleanup, placeOf(V, 0), V->getLocation());
		}
	}

	// Whether a handle was taken out of where others have it: its reference may be the last one.
	bool takes(const Expr *E) const
	{
		bool Found = false;

		forEach(E, [&](const Stmt *S) {
			const auto *C = dyn_cast<CallExpr>(S);
			const FunctionDecl *F = C ? C->getDirectCallee() : nullptr;

			for (StringRef Word : { "_take_", "_pop_front", "_pop_back", "_remove" })
				Found |= F && byHeader(F, SM) && F->getName().ends_with(Word);
		});
		return Found;
	}

	void drop(StringRef Name, const Place &P, SourceLocation L)
	{
		event(Ends, L, P);
		if (Name.ends_with("_weak_drop"))
			return;
		StringRef Stem = Name;
		if (Stem.consume_back("_own_drop") && (Stem == "hf_workqueue" || isWaitedFor(Stem.str())))
			waits(L, P, Stem);
		else
			for (const FunctionDecl *F : behind(Name.str()))
				enter(F, P, L, P);
	}

	// name_clear() drops the elements.
	void clear(const FunctionDecl *F, Place P, SourceLocation L)
	{
		if (auto M = Made.find(F->getName().str()); M != Made.end() && !P.Path.empty()) {
			P.Path += ".*";
			forEach(M->second->getBody(), [&](const Stmt *S) {
				const auto *C = dyn_cast<CallExpr>(S);

				if (C && C->getDirectCallee() && isDrop(C->getDirectCallee()->getName()))
					drop(C->getDirectCallee()->getName(), P, L);
			});
		}
	}

	// What was waited for runs no more.
	Event &waits(SourceLocation L, const Place &At, StringRef Stem)
	{
		llvm::erase_if(Registered, [&](const Event &R) { return R.Stem == Stem || Stem == "hf_workqueue"; });
		Event &E = event(WaitsFor, L, At);
		E.Stem = Stem.str();
		return E;
	}

	// The member is inside what the user has.
	static const Expr *around(const Expr *E, StringRef Member, std::string *Type = nullptr)
	{
		const Expr *Found = nullptr;

		forEach(E, [&](const Stmt *S) {
			const auto *M = dyn_cast<MemberExpr>(S);

			if (M && M->getMemberDecl()->getName() == Member && !Found) {
				Found = M->getBase();
				if (Type)
					*Type = cast<FieldDecl>(M->getMemberDecl())->getParent()->getName().str();
			}
		});
		return Found;
	}

	void registers(SourceLocation L, StringRef Stem, const Place &At, const CallExpr *C, bool Runs)
	{
		Event New = {}, &E = Runs ? event(Registers, L, At) : New;

		E.Stem = Stem.str();
		for (const Expr *X : C->arguments())
			if (StringRef T = recordOf(X->getType());
			    !X->getType()->isPointerType() && (T.ends_with("_own") || T.ends_with("_arc"))) {
				E.Data = place(X);
				E.Handle = T.str();
			}
		Latest = E;
		if (Runs)
			Registered.push_back(E);
		else
			Latest.Order = ++Order;
	}

	void call(const CallExpr *C)
	{
		const FunctionDecl *F = C->getDirectCallee();
		SourceLocation L = C->getBeginLoc();
		Place First = F && C->getNumArgs() ? place(C->getArg(0)) : Place{};

		if (!F)
			return;
		StringRef N = F->getName(), Stem = N;
		if (N.starts_with("hf_sys_wake") || N.starts_with("__wake_up")) {
			event(Notifies, L, First);
			return;
		}
		if (!byHeader(F, SM)) {
			SmallVector<Place, 8> Args;

			if (!F->getDefinition())
				return;
			for (const Expr *X : C->arguments())
				Args.push_back(place(X));
			enter(F->getDefinition(), Args, L);
			return;
		}
		if (Vma && (N.starts_with("hf_uaccess_read") || N.starts_with("hf_uaccess_write")))
			event(Takes, L, {}).Taken = mmapLock();
		if (Stem.consume_back("_cancel_wait_")) {
			waits(L, First, Stem).Data = First;
		} else if (N == "hf_sys_hrtimer_cancel" || N == "hf_sys_timer_cancel") {
			std::string Type;

			if (const Expr *T = around(C->getArg(0), "timer_", &Type))
				waits(L, place(T), Type);
		} else if (N == "hf_sys_hrtimer_start" || N == "hf_sys_timer_start") {
			std::string Type;

			if (const Expr *T = around(C->getArg(0), "timer_", &Type)) {
				Event Is = event(Registers, L, place(T));

				Is.Stem = Type;
				if (auto B = Bound.find(Is.At.Path); B != Bound.end())
					Is.Data = B->second.Data;
				Registered.push_back(Is);
			}
		} else if (Stem.consume_back("_join_")) {
			waits(L, First, Stem);
		} else if (N.ends_with("_revoke") || N.ends_with("_fini") || N.ends_with("_fini_")) {
			event(Finishes, L, First);
		} else if (isDrop(N)) {
			drop(N, First, L);
		} else if (N.ends_with("_clear")) {
			clear(F, First, L);
		} else if (Stem.consume_back("_request_") || Stem.consume_back("_spawn_") || Stem.consume_back("_queue_") ||
			   Stem.consume_back("_queue_in_")) {
			if (Callbacks.count(Stem.str()))
				registers(L, Stem, First, C, true);
		} else if (Stem.consume_back("_new_") && Callbacks.count(Stem.str())) {
			registers(L, Stem, First, C, false);
		} else if (N == "hf_complete" || N == "hf_complete_all") {
			event(Notifies, L, First);
		} else if (N == "hf_wait_") {
			const VarDecl *Guard = guardOf(C->getArg(1));
			Event &E = event(WaitsEvent, L, First);

			if (!Guard)
				E.Held.clear();
			llvm::erase_if(E.Held, [&](const Lock &X) { return X.Guard == Guard; });
			E.Taken.Tries = !isa<CompoundLiteralExpr>(C->getArg(2)->IgnoreParenImpCasts());
		} else if (N.starts_with("hf_completion_wait")) {
			event(WaitsEvent, L, First).Taken.Tries = N != "hf_completion_wait";
		} else if (N.ends_with("_init") || N.ends_with("_init_")) {
			event(Initialises, L, First).Before = Registered;
			if (auto D = Declared.find(First.Root); First.Root && D != Declared.end())
				Events[Frames.front().Of].back().Order = D->second;
			else
				Events[Frames.front().Of].back().Order = 0;
		} else if (N == "hf_take_" || N.ends_with("_take_")) {
			event(Ends, L, First).Stem = Stem.consume_back("_take_") ? Stem.str() : "";
		} else if (N == "hf_set_" || N == "hf_replace_" || (N.ends_with("_store_") && C->getNumArgs() == 2)) {
			Event &E = event(Stores, L, First);

			E.Data = place(C->getArg(1));
			E.Stem = Stem.consume_back("_store_") ? Stem.str() : "";
			if (const auto *M = dyn_cast<MemberExpr>(C->getArg(1)->IgnoreParenCasts()))
				E.Handle = recordOf(M->getBase()->getType()).str();
		} else if ((N.ends_with("_push_back") || N.ends_with("_push_front") || N.ends_with("_insert")) && C->getNumArgs() == 2) {
			Event &E = event(Stores, L, First);

			E.Data = place(C->getArg(1));
			E.Handle = recordOf(C->getArg(1)->getType()).str();
			E.List = N.substr(0, N.find(N.contains("_push_") ? "_push_" : "_insert")).str();
		} else if (N.contains("_remove") || N.contains("_pop_")) {
			event(Ends, L, {}).Stem = N.substr(0, N.find(N.contains("_pop_") ? "_pop_" : "_remove")).str();
		} else if (N.ends_with("_rcu_replace")) {
			event(Replaces, L, First);
		} else if (N == "hf_reading_begin_") {
			event(ReadsRcu, L, First);
		} else if (N == "hf_completion_reinit") {
			event(Reinits, L, First);
		} else if (N.contains("_write_") || N == "hf_reg32_write") {
			event(Starts, L, First);
		}
	}
};

// A token that a front door is given, and which.
struct TokenUse {
	bool Settles = false, Reads = false;
	const ValueDecl *Of = nullptr;
};

} // namespace

// Pointers to variables of a function, by where they were stored.
REGISTER_MAP_WITH_PROGRAMSTATE(Lending, const MemRegion *, Local)
// What a borrow points to.
REGISTER_MAP_WITH_PROGRAMSTATE(Borrowed, SymbolRef, const MemRegion *)
// Waits for a completion that failed, since which nobody told the device to stop.
REGISTER_SET_WITH_PROGRAMSTATE(Late, const Stmt *)
// Results whose owner was taken out.
REGISTER_MAP_WITH_PROGRAMSTATE(Unwrapped, const VarRegion *, unsigned)
// Members that were initialised; NULL if perhaps more were.
REGISTER_SET_WITH_PROGRAMSTATE(Ready, const FieldDecl *)

namespace {

class Callbacks : public Rules<check::EndOfTranslationUnit, check::ASTCodeBody, check::PreCall, check::PostCall, check::Bind,
			       check::PostStmt<DeclStmt>, check::PreStmt<ReturnStmt>, check::EndFunction, check::DeadSymbols> {
	using Said = std::set<std::pair<SourceLocation, std::string>>;

	// Of a function that makes an object ready: what it initialised on each way that succeeds, and where that ends.
	mutable std::map<const FunctionDecl *, std::set<std::pair<std::set<const FieldDecl *>, SourceLocation>>> Made;

	void say(BugReporter &BR, Said &S, SourceLocation L, StringRef Rule, const Twine &Text) const
	{
		if (S.insert({ L, Rule.str() }).second)
			reportIn(BR, L, Rule, Text);
	}

	// --- waiting for a callback under a lock that it takes ---

	// Whether a lock that is held where a callback is waited for is the one that the callback takes.
	static bool isSame(const Facts &F, const Event &Wait, const Lock &H, const Event &Take)
	{
		const Lock &T = Take.Taken;
		std::string Of = T.At.object(), Here = H.At.object();

		if (H.Left || T.Tries || (H.Shares && T.Shares) || !H.At.isSameMember(T.At))
			return false;
		if (Of != "@")
			return !Of.empty() || T.At.Root;
		if (!Wait.Data.Path.empty())
			return Here == Wait.Data.Path;
		if (auto B = F.Bound.find(Wait.At.Path); B != F.Bound.end() && !B->second.Data.Path.empty())
			return Here == B->second.Data.Path;
		// The owner of the callback, or of the queue, is a member of the object whose lock it is, or beside its handle.
		return !Here.empty() && (Wait.At.object() == Here || Wait.At.object() == Place{ Here }.object());
	}

	void checkWait(const Facts &F, const Event &Wait, BugReporter &BR, Said &S) const
	{
		std::set<std::string> Stems;

		if (Wait.Stem == "hf_workqueue") {
			for (const auto &P : F.Events)
				for (const Event &E : P.second)
					if (E.Is == Registers && E.At.Last && E.At.Last == Wait.At.Last)
						Stems.insert(E.Stem);
		} else {
			Stems.insert(Wait.Stem);
		}
		for (const std::string &Stem : Stems)
			F.forCallback(Stem, [&](const Event &Take) {
				if (Take.Is != Takes)
					return;
				for (const Lock &H : Wait.Held)
					if (isSame(F, Wait, H, Take))
						say(BR, S, Wait.under(H), "lock-order",
						    "this waits for '" + Take.Root->getName() + "', which takes the lock of '" +
							    Take.At.name() + "', and this thread holds it as '" + H.At.name() +
							    "': unlock it before");
			});
	}

	// A drop function that waits under a lock that spins, or takes the lock that its caller holds.
	void checkDrop(const Facts &F, const Event &E, BugReporter &BR, Said &S) const
	{
		for (const Lock &H : E.Held) {
			const Frame *Drop = H.Left ? nullptr : E.drop(H);

			if (!Drop)
				continue;
			StringRef Name(Drop->Ends.Path);
			std::string By = "this may drop " + std::string(Name.ends_with(".*") ? "an element of '" : "'") +
					 Drop->Ends.name() + "' while '" + H.At.name() + "' is locked, and '" +
					 E.In->getName().str();
			bool Inside = !H.At.Path.empty() && Name.starts_with(H.At.Path + ".");
			if (E.Is == WaitsFor && (H.Kind.contains("spinlock") || H.Kind == "rwlock"))
				say(BR, S, E.under(H), "sleep-under-spinlock",
				    By + "' waits for what may run beside it: move it out of the lock, and drop it after");
			else if (E.Is == Takes && !E.Taken.Tries && !(H.Shares && E.Taken.Shares) && H.At.isSameMember(E.At) &&
				 (H.At.Path == E.At.Path || Inside))
				say(BR, S, E.under(H), "double-lock",
				    By + "' takes that lock: move it out of the lock, and drop it after");
		}
	}

	// --- two locks in both orders ---

	// A lock that is taken under another one.
	struct Edge {
		const Lock *Held;
		const Event *Take;
		const Decl *From, *To;
	};

	static bool holds(const Facts &F, const Edge &E, const Decl *Lock)
	{
		return llvm::any_of(E.Take->Held, [&](const auto &H) { return !H.Left && !H.Shares && F.lockOf(H) == Lock; });
	}

	// Whether a chain of locks, each taken under the one before, leads from the end of @Way to its beginning.
	static bool leadsBack(const Facts &F, const std::vector<Edge> &All, std::vector<Edge> &Way)
	{
		const Edge Last = Way.back(), First = Way.front();

		if (Last.To == First.From && !(Last.Take->Taken.Shares && First.Held->Shares))
			return true;
		for (const Edge &E : All) {
			if (Way.size() > 4 || E.From != Last.To || (Last.Take->Taken.Shares && E.Held->Shares) ||
			    llvm::any_of(Way, [&](const Edge &X) { return X.From == E.From; }))
				continue;
			// A lock that all of them hold lets only one of them in.
			bool Apart = llvm::any_of(E.Take->Held, [&](const Lock &H) {
				const Decl *Gate = F.lockOf(H);

				return Gate && Gate != E.From && holds(F, E, Gate) &&
				       llvm::all_of(Way, [&](const Edge &X) { return X.From != Gate && holds(F, X, Gate); });
			});
			if (Apart)
				continue;
			Way.push_back(E);
			if (leadsBack(F, All, Way))
				return true;
			Way.pop_back();
		}
		return false;
	}

	// Whether nobody else can reach the object of a lock: who has it made it, or ends it.
	static bool isAlone(const Facts &F, const Event &Take, const Place &P)
	{
		const VarDecl *Root = P.Root;

		if (Root && Root->isLocalVarDecl() && Facts::recordOf(Root->getType()).ends_with("_own"))
			return true;
		return llvm::any_of(F.Events.find(Take.Root)->second, [&](const Event &X) {
			return (X.Is == Initialises || X.Is == Finishes) && X.At.isSameMember(P);
		});
	}

	void checkOrders(const Facts &F, BugReporter &BR, Said &S) const
	{
		const SourceManager &SM = BR.getSourceManager();
		std::vector<Edge> All, Known;

		for (const auto &P : F.Events)
			for (const Event &E : P.second)
				for (const Lock &H : E.Held) {
					const Decl *From = F.lockOf(H), *To = E.Is == Takes ? F.lockOf(E.Taken) : nullptr;

					if (From && To && From != To && !H.Left && !E.Taken.Tries && !isAlone(F, E, H.At) &&
					    !isAlone(F, E, E.At))
						All.push_back({ &H, &E, From, To });
				}
		llvm::stable_sort(All, [&](const Edge &A, const Edge &B) {
			return SM.isBeforeInTranslationUnit(A.Take->under(*A.Held), B.Take->under(*B.Held));
		});
		for (const Edge &E : All) {
			std::vector<Edge> Way{ E };

			if (leadsBack(F, Known, Way)) {
				const Event &Other = *Way[1].Take;

				auto Name = [](const Decl *D) {
					StringRef N = cast<NamedDecl>(D)->getName();
					return N == "hf_vma" ? StringRef("mmap_lock") : N;
				};
				say(BR, S, E.Take->under(*E.Held), "lock-order",
				    "this takes '" + Name(E.To) + "' under '" + Name(E.From) + "', and " +
					    (Way.size() > 2 ? "by way of a third lock " : "") + "'" + Other.In->getName() +
					    "' takes them the other way round in line " +
					    Twine(SM.getExpansionLineNumber(Other.under(*Way[1].Held))) +
					    ": take them in one order everywhere, or unlock the first one before");
			} else {
				Known.push_back(E);
			}
		}
	}

	// Who has an access guard sleeps until somebody tells, and who revokes does that afterwards.
	void checkNotified(const std::vector<Event> &Events, const Event &Revoke, const Event &Sleep, BugReporter &BR, Said &S) const
	{
		const Event *After = nullptr;

		for (const Event &N : Events)
			if (N.Is == Notifies && N.At.Last && N.At.Last == Sleep.At.Last) {
				if (N.Order < Revoke.Order)
					return;
				After = N.Always ? &N : nullptr;
			}
		if (After)
			say(BR, S, Revoke.Where, "lock-order",
			    "this waits for the access guards of '" + Revoke.At.name() + "', under one of which '" + Sleep.In->getName() +
				    "' sleeps until '" + Sleep.At.name() + "' is notified, in line " +
				    Twine(BR.getSourceManager().getExpansionLineNumber(After->Where)) + ": notify before");
	}

	// A revocation waits for the access guards, and whoever has one may want a lock.
	void checkRevoke(const Facts &F, const std::vector<Event> &Events, const Event &Wait, BugReporter &BR, Said &S) const
	{
		for (const auto &P : F.Events)
			for (const Event &Take : P.second)
				for (const Lock &G : Take.Inside) {
					if (Take.Is == WaitsEvent && !Take.Taken.Tries && G.At.isSameMember(Wait.At))
						checkNotified(Events, Wait, Take, BR, S);
					for (const Lock &H : Wait.Held)
						if (Take.Is == Takes && !Take.Taken.Tries && G.At.isSameMember(Wait.At) &&
						    isAmong({ H }, Take.Taken, Wait, G.At))
							say(BR, S, Wait.under(H), "lock-order",
							    "this waits for the access guards of '" + Wait.At.name() +
								    "', under one of which '" + Take.In->getName() +
								    "' takes the lock of '" + Take.At.name() +
								    "', and this thread holds it: unlock it before");
				}
	}

	// --- data that another lock guards ---

	// The member of a structure whose address an expression is.
	static const FieldDecl *memberAt(const Expr *E)
	{
		const auto *U = E ? dyn_cast<UnaryOperator>(E->IgnoreParenCasts()) : nullptr;
		const auto *M = U && U->getOpcode() == UO_AddrOf ? dyn_cast<MemberExpr>(U->getSubExpr()->IgnoreParens()) : nullptr;

		return M ? dyn_cast<FieldDecl>(M->getMemberDecl()) : nullptr;
	}

	// hf_access() with a lock that hf_locked_by_init() never gave to that member.
	void checkAccess(const Facts &F, BugReporter &BR, Said &S) const
	{
		struct Use {
			const FieldDecl *Of, *Lock;
			SourceLocation Where;
		};
		std::vector<Use> Bound, Used;

		for (const FunctionDecl *In : F.Functions)
			forEach(In->getBody(), [&](const Stmt *X) {
				const auto *B = dyn_cast<BinaryOperator>(X);
				const auto *M = B && B->getOpcode() == BO_Assign ? dyn_cast<MemberExpr>(B->getLHS()->IgnoreParens()) : nullptr;
				const auto *E = dyn_cast<StmtExpr>(X);
				Use U = {};

				if (M && M->getMemberDecl()->getName() == "by_")
					Bound.push_back({ memberAt(M->getBase()), memberAt(B->getRHS()), {} });
				for (const Stmt *Y : E ? E->getSubStmt()->body() : llvm::iterator_range<CompoundStmt::const_body_iterator>({}, {}))
					if (const auto *DS = dyn_cast<DeclStmt>(Y); DS && DS->isSingleDecl())
						if (const auto *V = dyn_cast<VarDecl>(DS->getSingleDecl())) {
							if (V->getName() == "hf_x_")
								U.Of = memberAt(V->getInit());
							if (V->getName() == "hf_by_")
								U.Lock = memberAt(V->getInit());
						}
				if (U.Of && U.Lock)
					Used.push_back({ U.Of, U.Lock, X->getBeginLoc() });
			});
		for (const Use &U : Used) {
			const FieldDecl *By = nullptr;
			bool Other = false;

			for (const Use &B : Bound)
				if (!B.Of || B.Of == U.Of) {
					By = B.Lock;
					Other |= !B.Of || !By || By == U.Lock || By->getParent() != U.Lock->getParent();
				}
			if (By && !Other && U.Of->getParent() == U.Lock->getParent())
				say(BR, S, U.Where, "wrong-lock", "'" + U.Of->getName() + "' is bound to the lock '" + By->getName() +
				    "' by hf_locked_by_init(), and this gives '" + U.Lock->getName() + "': lock '" + By->getName() + "'");
		}
	}

	// --- interrupts ---

	static bool leavesOn(StringRef Kind, Context C)
	{
		return Kind == "spinlock" || Kind == "raw_spinlock" || Kind == "rwlock" || (Kind == "spinlock_bh" && C == Hard);
	}

	void checkInterrupts(const Facts &F, BugReporter &BR, Said &S) const
	{
		for (const auto &P : F.Callbacks)
			for (const FunctionDecl *Handler : P.second.Functions) {
				auto In = F.Events.find(Handler);

				if (P.second.Runs == Process || In == F.Events.end())
					continue;
				for (const Event &Take : In->second)
					if (Take.Is == Takes && !Take.Taken.Tries && leavesOn(Take.Taken.Kind, P.second.Runs))
						checkInterrupted(F, Take, P.second.Runs, BR, S);
			}
	}

	void checkInterrupted(const Facts &F, const Event &Take, Context Runs, BugReporter &BR, Said &S) const
	{
		for (const FunctionDecl *Root : F.Roots) {
			const Callback *C = F.callbackOf(Root);
			auto Reached = F.Reached.find(Take.Root), In = F.Reached.find(Root);
			auto Events = F.Events.find(Root);

			if (Events == F.Events.end() || Root == Take.Root ||
			    (C ? C->Runs >= Runs : Root->getStorageClass() == SC_Static) || (!C && Facts::isAtomic(Root)) ||
			    Reached->second.count(Root) || In == F.Reached.end())
				continue;
			// Who initialises or ends the lock is alone with the object.
			if (llvm::any_of(Events->second, [&](const Event &X) {
				    return (X.Is == Initialises || X.Is == Finishes) && X.At.isSameMember(Take.At);
			    }))
				continue;
			for (const Event &X : Events->second) {
				bool Off = Facts::isAtomic(X.In);

				for (const Lock &H : X.Held)
					Off |= H.Kind.ends_with("_irq") || (Runs == Soft && H.Kind.ends_with("_bh"));
				if (X.Is == Takes && !Off && X.At.isSameMember(Take.At) && X.Taken.Kind == Take.Taken.Kind)
					say(BR, S, X.Where, "lock-kind",
					    "'" + X.At.name() + "' is locked with " +
						    (Runs == Hard ? "interrupts" : "softirqs") + " on, and '" +
						    Take.Root->getName() +
						    "', which may interrupt this, waits for it: make it a " +
						    (Take.Taken.Kind.starts_with("raw_") ? "raw_spinlock_irq"
						     : Runs == Hard                      ? "spinlock_irq"
											 : "spinlock_bh"));
			}
		}
	}

	// --- waiting for an event under a lock that all who notify take ---

	// Whether one of the locks is @L, if @L is to @Near what that one is to where @Of is.
	static bool isAmong(const std::vector<Lock> &Locks, const Lock &L, const Event &Of, const Place &Near)
	{
		for (const Lock &X : Locks)
			if (!X.Left && !(X.Shares && L.Shares) && X.At.isSameMember(L.At) &&
			    ((L.At.Root && L.At.Root->hasGlobalStorage()) || L.At.object() != Near.object() ||
			     X.At.object() == Of.At.object()))
				return true;
		return false;
	}

	void checkEvent(const Facts &F, const Event &Wait, BugReporter &BR, Said &S) const
	{
		if (!F.isOfThisFile(Wait.At.Last) || Wait.At.Path.empty() || F.Escaped.count(Wait.At.Last))
			return;
		for (const Lock &H : Wait.Held) {
			const Event *By = nullptr;
			bool All = !H.Left && !H.At.Path.empty();

			for (const auto &P : F.Events)
				for (const Event &E : P.second)
					if (E.Is == Notifies && (!E.At.Last || E.At.Last == Wait.At.Last)) {
						All &= E.At.Last &&
						       (isAmong(E.Held, H, E, Wait.At) || isAmong(E.Passed, H, E, Wait.At));
						By = &E;
					}
			if (By && All)
				say(BR, S, Wait.Where, "condvar-of-other-lock",
				    "this thread sleeps with '" + H.At.name() + "' held, which '" + By->Root->getName() +
					    "' has to lock before it can notify '" + Wait.At.name() + "': unlock it before");
		}
	}

	// --- what is initialised too late ---

	void checkInit(const Facts &F, const Event &Init, BugReporter &BR, Said &S) const
	{
		if (!Init.At.Last || Init.At.Path.empty() ||
		    (Init.At.Root->getType()->isPointerType() && !isa<ParmVarDecl>(Init.At.Root) && !Init.At.Root->hasInit()))
			return;
		for (const Event &R : Init.Before) {
			// The object is older than the registration.
			if (R.Order < Init.Order)
				continue;
			bool Beside = R.Frames.size() > 1 && Init.Frames.size() > 1 && R.Frames != Init.Frames;

			F.forCallback(R.Stem, [&](const Event &T) {
				if (T.Is != Touches || T.At.Last != Init.At.Last)
					return;
				if (T.At.object() == "@" ? R.Data.Path != Init.At.object() : T.At.object().empty() || Beside)
					return;
				say(BR, S, Init.Where, "lock-not-initialised",
				    "'" + T.Root->getName() + "' uses '" + T.At.name() + "' and may run since line " +
					    Twine(BR.getSourceManager().getExpansionLineNumber(R.Where)) + ": initialise '" +
					    Init.At.name() + "' before");
			});
		}
	}

	// --- who waits for itself, and who keeps itself ---

	static bool endsElsewhere(const Facts &F, const Event &Of, const std::set<const FunctionDecl *> &Destroy)
	{
		auto IsDestroy = [&](const Frame &X) { return Destroy.count(X.Of); };

		for (const auto &P : F.Events)
			for (const Event &E : P.second)
				if ((E.Is == Ends || E.Is == WaitsFor) && llvm::none_of(E.Frames, IsDestroy) &&
				    ((E.At.Last && E.At.Last == Of.At.Last) ||
				     (!E.Stem.empty() && (E.Stem == Of.Stem || E.Stem == Of.List))))
					return true;
		return false;
	}

	void checkOwnQueue(const Facts &F, const Event &Q, BugReporter &BR, Said &S) const
	{
		if (!F.isOfThisFile(Q.At.Last) || Q.Data.Path.empty() || Q.At.object() != Q.Data.Path ||
		    !StringRef(Q.Handle).ends_with("_arc"))
			return;
		std::set<const FunctionDecl *> Destroy = F.behind(Q.Handle + "_drop");
		if (endsElsewhere(F, Q, Destroy))
			return;
		for (const FunctionDecl *D : Destroy)
			if (auto In = F.Events.find(D); In != F.Events.end())
				for (const Event &E : In->second)
					if (E.Is == WaitsFor && E.Stem == "hf_workqueue" && E.At.Last == Q.At.Last)
						say(BR, S, Q.Where, "callback-outlives-data",
						    "the item may put the last reference to '" + Q.Data.name() +
							    "', and then '" + D->getName() +
							    "' drops the workqueue that it runs in, and waits for the item: "
							    "use hf_system_workqueue(), or drop the workqueue elsewhere");
	}

	// Who owns what, by what a function stores: an object, and another one that it has an owner or a reference of.
	struct Hold {
		std::string Owner, Of;
		const Event *By;
		bool Shares;	// a reference that is stored as such, not in a registration
	};

	// Whether what holds is the object, or part of it.
	static bool isOf(StringRef Owner, StringRef Object)
	{
		return Owner.consume_front(Object) && (Owner.empty() || Owner.front() == '.' || Owner.front() == '[');
	}

	static bool leadsBack(const std::vector<Hold> &All, std::vector<const Hold *> &Way)
	{
		for (const Hold &H : All) {
			if (!isOf(H.Owner, Way.back()->Of) || llvm::is_contained(Way, &H))
				continue;
			Way.push_back(&H);
			if (isOf(Way.front()->Owner, H.Of) || leadsBack(All, Way))
				return true;
			Way.pop_back();
		}
		return false;
	}

	// Objects that own each other.
	void checkCycles(const Facts &F, const std::vector<Event> &Events, const std::set<const FunctionDecl *> &Drops,
			 BugReporter &BR, Said &S) const
	{
		std::vector<Hold> All;

		for (const Event &E : Events) {
			if (E.Is != Stores || E.At.Path.empty() || E.Data.Path.empty() ||
			    (E.Stem.empty() && !F.isOfThisFile(E.At.Last)))
				continue;
			std::string Owner = E.Stem.empty() ? E.At.object() : E.At.Path;
			// What a lock guards is part of the object that has the lock.
			for (const Lock &H : E.Held)
				if (H.At.Path == Owner && !H.At.object().empty())
					Owner = H.At.object();
			bool Shares = StringRef(E.Handle).ends_with("_arc");
			if (Shares || StringRef(E.Handle).ends_with("_own") || E.Handle.empty())
				All.push_back({ Owner, E.Data.Path, &E, Shares });
			if (auto B = F.Bound.find(E.Data.Path); B != F.Bound.end() && !B->second.Data.Path.empty() &&
							       StringRef(B->second.Handle).ends_with("_arc"))
				All.push_back({ E.Data.Path, B->second.Data.Path, &E, false });
		}
		for (const Hold &H : All) {
			std::vector<const Hold *> Way{ &H };

			if (isOf(H.Owner, H.Of) || !leadsBack(All, Way) ||
			    llvm::any_of(Way, [&](const Hold *X) { return endsElsewhere(F, *X->By, Drops); }))
				continue;
			auto Weak = llvm::find_if(Way, [](const Hold *X) { return X->Shares; });
			const Hold *Last = *llvm::max_element(Way, [](auto *A, auto *B) { return A->By->Order < B->By->Order; });
			if (Weak != Way.end())
				say(BR, S, (*Weak)->By->Where, "callback-outlives-data",
				    "'" + (*Weak)->By->Data.name() + "' owns '" + (*Weak)->By->At.name() +
					    "', which would hold a reference to it, so neither is ever dropped: make it a "
					    "weak reference by hf_downgrade(), or take it out when the device goes");
			else
				say(BR, S, Last->By->Where, "callback-outlives-data",
				    "'" + Place{ Last->Owner, nullptr, Last->By->At.Root }.name() +
					    "' would own what holds a reference to it, so neither is ever "
					    "dropped: keep the registration elsewhere, or take it out when the device goes");
			return;
		}
	}

	// --- what a callback has a pointer to ---

	// The member of an object that a pointer to it is of, also if the object was not put there before.
	static const FieldDecl *putInto(const std::vector<Event> &Events, const Place &Data, const std::string &Object)
	{
		if (Data.Last)
			return Data.object() == Object ? Data.Last : nullptr;
		for (const Event &X : Events)
			if (X.Is == Stores && X.Data.Path == Data.Path && X.At.object() == Object)
				return X.At.Last;
		return nullptr;
	}

	void checkDataFirst(const Facts &F, const std::vector<Event> &Events, BugReporter &BR, Said &S) const
	{
		for (const Event &Store : Events) {
			auto B = Store.Is == Stores ? F.Bound.find(Store.Data.Path) : F.Bound.end();

			if (B == F.Bound.end() || B->second.Data.Path.empty() || !F.isWaitedFor(B->second.Stem))
				continue;
			for (const Event &P : Events)
				if (P.Is == Points && !P.Data.Path.empty() && P.At.object() == B->second.Data.Path && !Store.At.object().empty())
					if (const FieldDecl *Into = putInto(Events, P.Data, Store.At.object()))
						F.forCallback(B->second.Stem, [&](const Event &T) {
							if (T.Is == Touches && T.At.Last == P.At.Last)
								checkEnds(F, Into, Store.At.Last, T, BR, S);
						});
		}
	}

	// The type of what an owner owns.
	static const RecordDecl *ownedBy(QualType T)
	{
		const RecordDecl *Handle = Facts::definition(T);

		if (Handle)
			for (const FieldDecl *F : Handle->fields())
				if (F->getName() == "type_" && F->getType()->isArrayType())
					return Facts::definition(F->getType()->getAsArrayTypeUnsafe()->getElementType()->getPointeeType());
		return nullptr;
	}

	// The only member of the structure that owns a T, if @F does.
	static bool isOnlyOwner(const FieldDecl *F, const RecordDecl *T)
	{
		return T && ownedBy(F->getType()) == T && llvm::all_of(F->getParent()->fields(), [&](const FieldDecl *X) {
			       return X == F || ownedBy(X->getType()) != T;
		       });
	}

	// A member of a callback's data that points to a T, if the file does not say to which one.
	static const Event *usedBy(const Facts &F, const std::string &Stem, const RecordDecl *T)
	{
		const Event *Use = nullptr;

		F.forCallback(Stem, [&](const Event &X) {
			const FieldDecl *M = X.Is == Touches && X.At.object() == "@" ? X.At.Last : nullptr;

			if (!M || !M->getType()->isPointerType() || Facts::definition(M->getType()->getPointeeType()) != T)
				return;
			for (const auto &P : F.Events)
				for (const Event &E : P.second)
					if (E.Is == Points && E.At.Last == M && E.Data.Last)
						return;
			Use = &X;
		});
		return Use;
	}

	/*
	 * What a callback's data points to, by its type, ends before the callback does.  The callback's registration is
	 * beside it, or it is a work item, of which a reference is beside it, and which nobody cancels.
	 */
	void checkOrder(const Facts &F, const std::vector<Event> &Events, const Event &End, BugReporter &BR, Said &S) const
	{
		const RecordDecl *T = End.At.Last ? ownedBy(End.At.Last->getType()) : nullptr;

		if (!T || !isOnlyOwner(End.At.Last, T) || End.At.object().empty())
			return;
		for (const Event &W : Events)
			if (W.Is == WaitsFor && W.Order > End.Order && W.At.object() == End.At.object() && W.At.Last != End.At.Last)
				if (const Event *Use = usedBy(F, W.Stem, T))
					say(BR, S, End.Where, "callback-outlives-data",
					    "'" + End.At.name() + "' ends here, and '" + Use->Root->getName() + "' may still use it by '" +
						    Use->At.Last->getName() + "': drop '" + W.At.name() + "' first, which waits for it");
		for (const auto &C : F.Callbacks) {
			const Event *Use = F.isWaitedFor(C.first) || !F.isQueued(C.first) ? nullptr : usedBy(F, C.first, T);
			bool Waits = false;

			if (!Use || llvm::none_of(End.At.Last->getParent()->fields(), [&](const FieldDecl *X) {
				    return ownedBy(X->getType()) == Use->At.Last->getParent();
			    }))
				continue;
			for (const auto &P : F.Events)
				for (const Event &W : P.second)
					Waits |= W.Is == WaitsEvent || (W.Is == WaitsFor && (W.Stem == C.first || W.Stem == "hf_workqueue"));
			if (!Waits)
				say(BR, S, End.Where, "callback-outlives-data",
				    "'" + End.At.name() + "' ends here, and the work item '" + Use->Root->getName() + "', which nobody cancels, may "
				    "still use it by '" + Use->At.Last->getName() + "': call hf_work_cancel_wait() before");
		}
	}

	// Whether anybody drops @Data before the registration beside it, whose callback @T uses it.
	void checkEnds(const Facts &F, const FieldDecl *Data, const FieldDecl *Registration, const Event &T, BugReporter &BR,
		       Said &S) const
	{
		for (const auto &P : F.Events)
			for (const Event &E : P.second)
				if (E.Is == Ends && E.At.Last == Data)
					for (const Event &W : P.second)
						if (W.Is == WaitsFor && W.At.Last == Registration && W.Order > E.Order &&
						    W.At.object() == E.At.object())
							say(BR, S, E.Where, "callback-outlives-data",
							    "'" + E.At.name() + "' ends here, and '" + T.In->getName() + "' may still use it by '" +
								    T.At.Last->getName() + "': drop '" + W.At.name() + "' first, which waits for it");
	}

	// --- wake-ups ---

	// What a completion waits for was started before it was made new: it may be complete already, and that is lost.
	void checkReinit(const std::vector<Event> &Events, const Event &New, BugReporter &BR, Said &S) const
	{
		const Event *Start = nullptr;

		for (const Event &E : Events) {
			bool Begins = E.Is == Starts || E.Is == Registers || (E.Is == Notifies && E.At.Path != New.At.Path);

			// A handler that was registered in another function is for what each call starts.
			if (E.Order < New.Order && Begins && !(E.Is == Registers && E.In != New.In))
				Start = &E;
			else if (E.Order < New.Order && E.Is == WaitsEvent && E.At.Path == New.At.Path)
				Start = nullptr;
			else if (E.Order > New.Order && (Begins || !Start || New.At.Path.empty()))
				return;
			else if (E.Order > New.Order && E.Is == WaitsEvent && E.At.Path == New.At.Path)
				say(BR, S, New.under(Lock{}), "wake-up-missed",
				    "'" + New.At.name() + "' may be complete already by what was started in line " +
					    Twine(BR.getSourceManager().getExpansionLineNumber(Start->Where)) +
					    ", and then this wait never ends: call hf_completion_reinit() before");
		}
	}

	// The members and functions that an expression asks.
	static std::set<const ValueDecl *> asked(const Stmt *E)
	{
		std::set<const ValueDecl *> Found;

		forEach(E, [&](const Stmt *S) {
			if (const auto *M = dyn_cast<MemberExpr>(S); M && !M->getMemberDecl()->getName().ends_with("_"))
				Found.insert(M->getMemberDecl());
			if (const auto *C = dyn_cast<CallExpr>(S); C && C->getDirectCallee())
				Found.insert(C->getDirectCallee());
		});
		return Found;
	}

	static const Expr *conditionOf(const Stmt *S)
	{
		if (const auto *X = dyn_cast<IfStmt>(S))
			return X->getCond();
		if (const auto *X = dyn_cast<WhileStmt>(S))
			return X->getCond();
		if (const auto *X = dyn_cast<DoStmt>(S))
			return X->getCond();
		if (const auto *X = dyn_cast<ForStmt>(S))
			return X->getCond();
		if (const auto *X = dyn_cast<ConditionalOperator>(S))
			return X->getCond();
		if (const auto *X = dyn_cast<ReturnStmt>(S))
			return X->getRetValue();
		return nullptr;
	}

	// Whether a wait has neither a deadline nor an end by a signal.
	static bool isEndless(const CallExpr *Wait)
	{
		return isa<CompoundLiteralExpr>(Wait->getArg(2)->IgnoreParenImpCasts()) && names(Wait->getArg(3), "HF_UNINTERRUPTIBLE");
	}

	// Whether an expression takes something out.
	static bool takesOut(const Expr *E)
	{
		return any(E, [](const Stmt *X) {
			const auto *C = dyn_cast<CallExpr>(X);
			const auto *U = dyn_cast<UnaryOperator>(X);
			StringRef N = C && C->getDirectCallee() && C->getDirectCallee()->getIdentifier() ? C->getDirectCallee()->getName() : StringRef();

			return (U && U->isIncrementDecrementOp()) || N.contains("_pop") || N.contains("_remove") || N.contains("_take");
		});
	}

	// A wait in an `if`, behind which nobody looks again.
	void checkWaits(const Facts &F, const FunctionDecl *In, BugReporter &BR, Said &S) const
	{
		const SourceManager &SM = BR.getSourceManager();
		std::vector<const CallExpr *> Waits;
		bool Jumps = false;

		forEach(In->getBody(), [&](const Stmt *X) {
			const auto *C = dyn_cast<CallExpr>(X);

			Jumps |= isa<GotoStmt>(X);
			if (C && C->getDirectCallee() && C->getDirectCallee()->getName() == "hf_wait_")
				Waits.push_back(C);
		});
		if (Waits.empty() || Jumps || isCalledInLoop(F, In))
			return;
		ParentMap PM(In->getBody());
		for (const CallExpr *C : Waits) {
			const IfStmt *If = nullptr;
			bool Loops = false, Again = false;

			for (const Stmt *X = C, *P; (P = PM.getParent(X)); X = P) {
				const auto *I = dyn_cast<IfStmt>(P);

				Loops |= isa<WhileStmt, DoStmt, ForStmt>(P) && !byHeader(P->getBeginLoc(), SM);
				if (I && !If && X == I->getThen() && !byHeader(I->getBeginLoc(), SM))
					If = I;
			}
			if (!If || Loops)
				continue;
			std::set<const ValueDecl *> Of = asked(If->getCond()), After, Written;
			SourceLocation At = SM.getExpansionLoc(C->getBeginLoc());
			forEach(In->getBody(), [&](const Stmt *X) {
				if (!SM.isBeforeInTranslationUnit(At, SM.getExpansionLoc(X->getBeginLoc())))
					return;
				// What may fail, and is tried, tells that there is nothing, as when the time was over.
				const auto *R = dyn_cast<ReturnStmt>(X);
				Again |= R && !isEndless(C) && (byHeader(R->getBeginLoc(), SM) || (R->getRetValue() &&
						Facts::recordOf(R->getRetValue()->getType()).ends_with("_result")));
				if (const Expr *E = conditionOf(X); E && !byHeader(X->getBeginLoc(), SM) && !(R && isEndless(C) && takesOut(E)))
					After.merge(asked(E));
				const auto *B = dyn_cast<BinaryOperator>(X);
				const auto *U = dyn_cast<UnaryOperator>(X);
				const Expr *To = B && B->isAssignmentOp() ? B->getLHS() : U && U->isIncrementDecrementOp() ? U->getSubExpr() : nullptr;
				if (const auto *M = dyn_cast_or_null<MemberExpr>(To ? To->IgnoreParens() : nullptr))
					Written.insert(M->getMemberDecl());
			});
			// Of several conditions, one that is looked at again does not tell of another that is then changed.
			bool Left = llvm::none_of(Of, [&](const ValueDecl *D) { return After.count(D); }) ||
				    llvm::any_of(Of, [&](const ValueDecl *D) { return Written.count(D) && !After.count(D); });
			if (!Of.empty() && !Again && Left)
				say(BR, S, If->getBeginLoc(), "wake-up-missed",
				    "a wait may end for no reason, and another thread may have been first: test the condition "
				    "again, by while (...) in place of if (...)");
		}
	}

	// A loop that waits for a condition variable until something holds.
	struct Waiter {
		const FieldDecl *For;
		const Expr *Condition;
		const FunctionDecl *In;
		std::string Text;	// what it asks, whatever its variables are called
	};

	static const FieldDecl *condvarOf(const CallExpr *C, StringRef Name)
	{
		const FieldDecl *Found = nullptr;

		if (C && C->getDirectCallee() && C->getDirectCallee()->getName() == Name && C->getNumArgs())
			forEach(C->getArg(0), [&](const Stmt *X) {
				const auto *M = dyn_cast<MemberExpr>(X);

				if (M && !Found && !M->getMemberDecl()->getName().ends_with("_") && M->getMemberDecl()->getName() != "q")
					Found = dyn_cast<FieldDecl>(M->getMemberDecl());
			});
		return Found;
	}

	static std::vector<Waiter> waiters(const Facts &F, BugReporter &BR)
	{
		std::vector<Waiter> All;

		for (const FunctionDecl *In : F.Functions)
			forEach(In->getBody(), [&](const Stmt *L) {
				const auto *W = dyn_cast<WhileStmt>(L);
				Waiter Is = { nullptr, W ? W->getCond() : nullptr, In, "" };

				if (!W || byHeader(W->getBeginLoc(), BR.getSourceManager()))
					return;
				forEach(W->getBody(), [&](const Stmt *X) {
					if (const FieldDecl *D = condvarOf(dyn_cast<CallExpr>(X), "hf_wait_"))
						Is.For = D;
				});
				forEach(Is.Condition, [&](const Stmt *X) {
					if (const auto *M = dyn_cast<MemberExpr>(X))
						Is.Text += "." + M->getMemberDecl()->getName().str();
					if (const auto *U = dyn_cast<UnaryOperator>(X))
						Is.Text += UnaryOperator::getOpcodeStr(U->getOpcode()).str();
					if (const auto *B = dyn_cast<BinaryOperator>(X))
						Is.Text += B->getOpcodeStr().str();
					if (const auto *N = dyn_cast<IntegerLiteral>(X))
						Is.Text += std::to_string(N->getValue().getLimitedValue());
					if (const auto *D = dyn_cast<DeclRefExpr>(X); D && isa<EnumConstantDecl, ParmVarDecl>(D->getDecl()))
						Is.Text += D->getDecl()->getName().str();
				});
				if (Is.For)
					All.push_back(Is);
			});
		return All;
	}

	// hf_notify_one() where the waiters wait for different things.
	void checkOne(const Facts &F, const std::vector<Waiter> &Waiters, BugReporter &BR, Said &S) const
	{
		for (const FunctionDecl *In : F.Functions)
			forEach(In->getBody(), [&](const Stmt *X) {
				const FieldDecl *To = condvarOf(dyn_cast<CallExpr>(X), "hf_sys_wake_one");
				std::set<std::string> Kinds;
				std::set<const FunctionDecl *> By;
				bool Apart = false;

				for (const Waiter &A : Waiters)
					for (const Waiter &B : Waiters) {
						if (!To || A.For != To || B.For != To)
							continue;
						std::set<const ValueDecl *> One = asked(A.Condition), Other = asked(B.Condition);
						Kinds.insert(A.Text);
						By.insert(A.In);
						Apart |= A.In != B.In && !One.empty() && !Other.empty() &&
							 llvm::none_of(One, [&](const ValueDecl *D) { return Other.count(D); });
					}
				if (Apart || (Kinds.size() > 2 && By.size() > 2))
					say(BR, S, X->getBeginLoc(), "wake-up-missed", "several wait for '" + To->getName() +
					    "', each for something else, and this may wake one for whom nothing changed: use hf_notify_all()");
				for (const Waiter &W : Waiters)
					if (const FieldDecl *M = To && W.For == To && runsTwice(F, W) ? opens(In, W) : nullptr; M && !consumes(W))
						say(BR, S, X->getBeginLoc(), "wake-up-missed", "all who wait for '" + M->getName() +
						    "' may go on now, as none of them changes it, and this wakes one: use hf_notify_all()");
			});
	}

	// Whether several threads wait in this loop for one object, which is the thread's.
	static bool runsTwice(const Facts &F, const Waiter &W)
	{
		for (const auto &C : F.Callbacks)
			for (const FunctionDecl *Root : C.second.Functions) {
				auto In = F.Events.find(Root);
				std::set<SourceLocation> At;
				bool Waits = false, Loops = false;

				for (const Event &E : In == F.Events.end() ? std::vector<Event>() : In->second)
					Waits |= E.Is == WaitsEvent && E.In == W.In && E.At.Last == W.For && StringRef(E.At.Path).starts_with("@");
				if (!Waits)
					continue;
				for (const auto &P : F.Events)
					for (const Event &E : P.second)
						if (E.Is == Registers && E.Stem == C.first) {
							At.insert(E.Where);
							Loops |= E.Loops;
						}
				if (Loops || At.size() > 1)
					return true;
			}
		return false;
	}

	// The member by which a function ends a wait: paused = false, for who waits while (paused).
	static const FieldDecl *opens(const FunctionDecl *In, const Waiter &W)
	{
		const FieldDecl *Found = nullptr;

		forEach(In->getBody(), [&](const Stmt *X) {
			const auto *B = dyn_cast<BinaryOperator>(X);
			const auto *M = B && B->getOpcode() == BO_Assign ? dyn_cast<MemberExpr>(B->getLHS()->IgnoreParens()) : nullptr;
			const auto *F = M ? dyn_cast<FieldDecl>(M->getMemberDecl()) : nullptr;

			if (F && ends(W, F, B->getRHS(), In->getASTContext()))
				Found = F;
		});
		return Found;
	}

	// Whether who waits changes what it waited for, or gives it to somebody who may.
	static bool consumes(const Waiter &W)
	{
		std::set<const ValueDecl *> Of = asked(W.Condition);
		bool Found = false;

		forEach(W.In->getBody(), [&](const Stmt *X) {
			const auto *B = dyn_cast<BinaryOperator>(X);
			const auto *U = dyn_cast<UnaryOperator>(X);
			const auto *C = dyn_cast<CallExpr>(X);
			bool Writes = (B && B->isAssignmentOp()) || (U && (U->isIncrementDecrementOp() || U->getOpcode() == UO_AddrOf));
			const auto *M = Writes ? dyn_cast<MemberExpr>((B ? B->getLHS() : U->getSubExpr())->IgnoreParens()) : nullptr;

			Found |= M && Of.count(M->getMemberDecl());
			if (C && C->getDirectCallee() && !byHeader(C->getDirectCallee(), W.In->getASTContext().getSourceManager()))
				for (const ValueDecl *D : Of)
					Found |= isa<FieldDecl>(D) && (!C->getDirectCallee()->getDefinition() || names(C->getDirectCallee(), D));
		});
		return Found;
	}

	// --- what nobody is told of ---

	// Whether a change of a member may end a wait: +1 more, -1 less.
	static bool mayEnd(const Waiter &W, const FieldDecl *M, int By, const ASTContext &X)
	{
		bool Found = false;
		std::function<void(const Expr *, bool)> Look = [&](const Expr *E, bool Not) {
			E = E->IgnoreParenImpCasts();
			if (const auto *U = dyn_cast<UnaryOperator>(E); U && U->getOpcode() == UO_LNot)
				return Look(U->getSubExpr(), !Not);
			const auto *B = dyn_cast<BinaryOperator>(E);
			if (B && B->isLogicalOp()) {
				Look(B->getLHS(), Not);
				return Look(B->getRHS(), Not);
			}
			const auto *Of = dyn_cast<MemberExpr>(B && B->isComparisonOp() ? B->getLHS()->IgnoreParenImpCasts() : E);
			if (!Of || Of->getMemberDecl() != M)
				return;
			if (!B) {
				Found |= By == (Not ? 1 : -1);
				return;
			}
			BinaryOperatorKind Op = Not ? BinaryOperator::negateComparisonOp(B->getOpcode()) : B->getOpcode();
			Expr::EvalResult R;
			bool Zero = B->getRHS()->EvaluateAsInt(R, X) && R.Val.getInt() == 0;
			// That something is full is told by ==, with what is above zero.
			Found |= Op == BO_LT || Op == BO_LE ? By > 0 : Op == BO_GT || Op == BO_GE ? By < 0
				 : Op == BO_EQ ? By == (Zero ? 1 : -1) : Zero && By < 0;
		};

		Look(W.Condition, false);
		return Found;
	}

	// Where a function changes a member so that a wait may end.
	static const Stmt *changes(const FunctionDecl *In, const Waiter &W)
	{
		const Stmt *Found = nullptr;

		forEach(In->getBody(), [&](const Stmt *X) {
			const auto *B = dyn_cast<BinaryOperator>(X);
			const auto *U = dyn_cast<UnaryOperator>(X);
			bool Writes = (B && B->isAssignmentOp()) || (U && U->isIncrementDecrementOp());
			const auto *M = Writes ? dyn_cast<MemberExpr>((B ? B->getLHS() : U->getSubExpr())->IgnoreParens()) : nullptr;
			const auto *F = M ? dyn_cast<FieldDecl>(M->getMemberDecl()) : nullptr;

			if (!F || Found)
				return;
			int By = U ? (U->isIncrementOp() ? 1 : -1) : B->getOpcode() == BO_AddAssign ? 1 : B->getOpcode() == BO_SubAssign ? -1 : 0;
			if (By ? mayEnd(W, F, By, In->getASTContext())
			       : B->getOpcode() == BO_Assign && ends(W, F, B->getRHS(), In->getASTContext()))
				Found = X;
		});
		return Found;
	}

	// Whether a function makes the object ready, or ends it, so that nobody waits.
	static bool isOfAlone(const FunctionDecl *In)
	{
		bool Found = false;

		forEach(In->getBody(), [&](const Stmt *X) {
			const auto *C = dyn_cast<CallExpr>(X);
			StringRef N = C && C->getDirectCallee() && C->getDirectCallee()->getIdentifier() ? C->getDirectCallee()->getName() : StringRef();

			Found |= N.starts_with("hf_lock_init") || N.starts_with("hf_cond_init") || N.starts_with("hf_lock_fini") || N.starts_with("hf_cond_fini");
		});
		return Found;
	}

	// Whether two functions take locks, and not the same one.
	static bool lockOthers(const Facts &F, const FunctionDecl *A, const FunctionDecl *B)
	{
		auto Locks = [&](const FunctionDecl *In) {
			std::set<const FieldDecl *> Found;

			for (const auto &P : F.Events)
				for (const Event &E : P.second)
					if (E.Is == Takes && E.In == In)
						Found.insert(E.At.Last);
			return Found;
		};
		std::set<const FieldDecl *> One = Locks(A), Other = Locks(B);

		return !One.empty() && !Other.empty() && llvm::none_of(One, [&](const FieldDecl *L) { return Other.count(L); });
	}

	// A function that ends a wait and wakes nobody, where another one of the file does.
	void checkUntold(const Facts &F, const std::vector<Waiter> &Waiters, BugReporter &BR, Said &S) const
	{
		std::map<const FunctionDecl *, std::set<const FieldDecl *>> Tells;	// what each function itself notifies

		for (const FunctionDecl *In : F.Functions)
			forEach(In->getBody(), [&](const Stmt *X) {
				const auto *C = dyn_cast<CallExpr>(X);
				StringRef N = C && C->getDirectCallee() && C->getDirectCallee()->getIdentifier() ? C->getDirectCallee()->getName() : StringRef();

				for (StringRef Door : { "hf_sys_wake_one", "hf_sys_wake_all" })
					if (N == Door)
						Tells[In].insert(condvarOf(C, Door));
			});
		for (const Waiter &W : Waiters) {
			auto Notifies = [&](const FunctionDecl *X) { return Tells[X].count(W.For) || Tells[X].count(nullptr); };
			auto Reaches = [&](const FunctionDecl *X) {
				Functions All;

				reach(X, All);
				// What another file does is not known.
				return llvm::any_of(All, Notifies);
			};
			const FunctionDecl *Other = nullptr;

			if (!F.isOfThisFile(W.For) || F.Escaped.count(W.For))
				continue;
			for (const FunctionDecl *In : F.Functions)
				if (Notifies(In) && !isOfAlone(In) && llvm::any_of(Waiters, [&](const Waiter &X) { return X.For == W.For && changes(In, X); }))
					Other = In;
			for (const FunctionDecl *In : F.Functions) {
				const Stmt *At = Other && !isOfAlone(In) && !Reaches(In) ? changes(In, W) : nullptr;
				bool Told = false;

				if (!At || lockOthers(F, In, W.In) || (In == W.In && SM(BR).isBeforeInTranslationUnit(At->getBeginLoc(), W.Condition->getBeginLoc())))
					continue;
				// Who calls it may wake them, and so may what it gives the object to.
				for (const FunctionDecl *By : F.Functions)
					if (any(By->getBody(), [&](const Stmt *X) { return isa<CallExpr>(X) && calls(X, In); }))
						Told |= Notifies(By) || any(By->getBody(), [&](const Stmt *X) {
								const auto *C = dyn_cast<CallExpr>(X);
								const FunctionDecl *To = C && C->getDirectCallee() ? C->getDirectCallee()->getDefinition() : nullptr;

								return To && To != In && !changes(To, W) && Reaches(To);
							});
				Told |= any(In->getBody(), [&](const Stmt *X) {
					const auto *C = dyn_cast<CallExpr>(X);
					const FunctionDecl *To = C ? C->getDirectCallee() : nullptr;

					return C && (!To || (!To->getDefinition() && !byHeader(To, SM(BR)) && C->getNumArgs()));
				});
				if (!Told)
					say(BR, S, At->getBeginLoc(), "wake-up-missed", "'" + W.In->getName() + "' waits until this changes, and here "
					    "nobody wakes it: call hf_notify_all() for '" + W.For->getName() + "', as '" + Other->getName() + "' does");
			}
		}
	}

	static const SourceManager &SM(BugReporter &BR) { return BR.getSourceManager(); }

	static bool calls(const Stmt *X, const FunctionDecl *F)
	{
		const FunctionDecl *To = cast<CallExpr>(X)->getDirectCallee();

		return To && To->getCanonicalDecl() == F->getCanonicalDecl();
	}

	// --- what RCU readers see, changed under a lock and without it ---

	void checkReplaced(const Facts &F, BugReporter &BR, Said &S) const
	{
		for (const auto &P : F.Events)
			for (const Event &Bare : P.second) {
				const Event *Reads = nullptr;
				bool Alone = false;

				if (Bare.Is != Replaces || Bare.At.Path.empty())
					continue;
				// What does not depend on what was there loses nothing; who is alone with the object neither.
				for (const Event &E : P.second) {
					if (E.Is == ReadsRcu && E.Order < Bare.Order && E.At.isSameMember(Bare.At) && E.Held.empty())
						Reads = &E;
					if ((E.Is == Initialises || E.Is == Finishes) && E.At.object() == Bare.At.object())
						Alone |= E.In == Bare.In || !Bare.Root->isMain();
				}
				if (Alone)
					continue;
				for (const auto &Q : Reads ? F.Events : llvm::MapVector<const FunctionDecl *, std::vector<Event>>())
					for (const Event &E : Q.second)
						for (const Lock &L : E.Held)
							if (E.Is == Replaces && E.At.isSameMember(Bare.At) && !L.Left && !L.Shares &&
							    llvm::none_of(Bare.Held, [&](const Lock &X) { return X.At.isSameMember(L.At); }))
								say(BR, S, Bare.Where, "unlocked-data", "'" + E.In->getName() + "' replaces '" + E.At.name() +
								    "' under the lock of '" + L.At.name() + "', and this without it, so that what one of them "
								    "changed since line " + Twine(BR.getSourceManager().getExpansionLineNumber(Reads->Where)) +
								    " is lost: lock it before the copy is made");
			}
	}

	// --- completions ---

	// A return, of which the block or its condition tells that something failed.
	static bool isForError(const ParentMap &PM, const ReturnStmt *R, const ASTContext &X)
	{
		const Stmt *Block = PM.getParent(R);
		bool Found = false;

		if (isa_and_nonnull<CompoundStmt>(Block)) {
			forEach(Block, [&](const Stmt *Y) {
				const auto *U = dyn_cast<UnaryOperator>(Y);

				Found |= U && U->getOpcode() == UO_Minus && !errnoOf(U->getSubExpr(), X).empty();
			});
			Block = PM.getParent(Block);
		}
		const auto *If = dyn_cast_or_null<IfStmt>(Block);
		if (If)
			forEach(If->getCond(), [&](const Stmt *Y) {
				const auto *M = dyn_cast<MemberExpr>(Y);
				const VarDecl *V = isa<Expr>(Y) ? variableOf(cast<Expr>(Y)) : nullptr;

				Found |= (M && M->getMemberDecl()->getName() == "err_") ||
					 (V && V->getType()->isSpecificBuiltinType(BuiltinType::Int) && (V->getName() == "err" || V->getName() == "ret" ||
					  V->getName() == "rc" || V->getName() == "error"));
			});
		return Found;
	}

	// A callback that completes, and leaves without that where something failed.
	void checkCompleted(const Facts &F, BugReporter &BR, Said &S) const
	{
		const SourceManager &SM = BR.getSourceManager();

		for (const auto &C : F.Callbacks)
			for (const FunctionDecl *In : C.second.Functions) {
				std::vector<const ReturnStmt *> Ways;
				const CallExpr *Completes = nullptr;
				bool Jumps = false;
				auto Tells = [&](const Stmt *X) {
					const auto *Call = dyn_cast<CallExpr>(X);
					const FunctionDecl *To = Call ? Call->getDirectCallee() : nullptr;

					if (!To || !To->getIdentifier())
						return Call != nullptr;
					StringRef N = To->getName();
					if (N == "hf_complete" || N == "hf_complete_all" || N.ends_with("_queue_") || N.ends_with("_queue_in_") ||
					    N.ends_with("timer_start"))
						return true;
					// Who is given the object may complete it.
					return !byHeader(To, SM) && llvm::any_of(Call->arguments(), [](const Expr *A) {
						return A->getType()->isPointerType() || A->getType()->isRecordType();
					});
				};

				forEach(In->getBody(), [&](const Stmt *X) {
					const CallExpr *Call = callOf(X, "hf_complete") ? callOf(X, "hf_complete") : callOf(X, "hf_complete_all");
					const auto *DS = dyn_cast<DeclStmt>(X);

					Completes = Call ? Call : Completes;
					Jumps |= isa<GotoStmt>(X) || (DS && DS->isSingleDecl() && isa<VarDecl>(DS->getSingleDecl()) &&
								       Facts::recordOf(cast<VarDecl>(DS->getSingleDecl())->getType()) == "hf_defer");
					if (const auto *R = dyn_cast<ReturnStmt>(X); R && !byHeader(R->getBeginLoc(), SM))
						Ways.push_back(R);
				});
				const FieldDecl *Done = Completes ? memberIn(Completes->getArg(0)) : nullptr;
				if (!Done || Jumps || !isAwaited(F, Done))
					continue;
				ParentMap PM(In->getBody());
				for (const ReturnStmt *R : Ways) {
					bool Told = !SM.isBeforeInTranslationUnit(R->getBeginLoc(), SM.getExpansionLoc(Completes->getBeginLoc()));

					// What runs before it on its way: the statements before, in its block and in those around.
					for (const Stmt *X = R, *Up = PM.getParent(X); Up && !Told; X = Up, Up = PM.getParent(Up)) {
						if (const auto *If = dyn_cast<IfStmt>(Up))
							Told |= any(If->getCond(), Tells);
						if (isa<CompoundStmt, SwitchStmt>(Up))
							for (const Stmt *Y : Up->children()) {
								if (Y == X)
									break;
								Told |= any(Y, Tells);
							}
					}
					if (!Told && isForError(PM, R, In->getASTContext()))
						say(BR, S, R->getBeginLoc(), "wake-up-missed", "this returns an error without completing '" + Done->getName() +
						    "', and who waits for it is not told: call hf_complete() on this way, too");
				}
			}
	}

	// The user's member that an expression is about.
	static const FieldDecl *memberIn(const Expr *E)
	{
		const FieldDecl *Found = nullptr;

		forEach(E, [&](const Stmt *X) {
			const auto *M = dyn_cast<MemberExpr>(X);

			if (M && !Found && !M->getMemberDecl()->getName().ends_with("_"))
				Found = dyn_cast<FieldDecl>(M->getMemberDecl());
		});
		return Found;
	}

	static bool isAwaited(const Facts &F, const FieldDecl *Done)
	{
		return llvm::any_of(F.Events, [&](const auto &P) {
			return llvm::any_of(P.second, [&](const Event &E) { return E.Is == WaitsEvent && E.At.Last == Done; });
		});
	}

	// Whether a write to a member may be what a waiter waits for: while (!fault), and fault = -EIO; while (busy), and busy = false.
	static bool ends(const Waiter &W, const FieldDecl *M, const Expr *Value, const ASTContext &X)
	{
		Expr::EvalResult R;
		bool Found = false;

		if (!Value->EvaluateAsInt(R, X))
			return false;
		std::function<void(const Expr *, bool)> Look = [&](const Expr *E, bool Not) {
			E = E->IgnoreParenImpCasts();
			if (const auto *U = dyn_cast<UnaryOperator>(E); U && U->getOpcode() == UO_LNot)
				return Look(U->getSubExpr(), !Not);
			if (const auto *B = dyn_cast<BinaryOperator>(E); B && B->isLogicalOp()) {
				Look(B->getLHS(), Not);
				return Look(B->getRHS(), Not);
			}
			const auto *Of = dyn_cast<MemberExpr>(E);
			Found |= Of && Of->getMemberDecl() == M && Not == (R.Val.getInt() != 0);
		};
		Look(W.Condition, false);
		return Found;
	}

	// A function that notifies, but leaves on one way with what a waiter waits for, and tells nobody.
	void checkSilent(const Facts &F, const std::vector<Waiter> &Waiters, BugReporter &BR, Said &S) const
	{
		const SourceManager &SM = BR.getSourceManager();

		for (const FunctionDecl *In : F.Functions) {
			std::map<const FieldDecl *, SourceLocation> First;	// where a condition variable is notified
			bool Jumps = false;
			auto Tells = [&](const Stmt *X) {
				const auto *C = dyn_cast<CallExpr>(X);

				for (StringRef Door : { "hf_sys_wake_one", "hf_sys_wake_all" })
					if (const FieldDecl *D = condvarOf(C, Door))
						return D;
				return static_cast<const FieldDecl *>(nullptr);
			};

			forEach(In->getBody(), [&](const Stmt *X) {
				Jumps |= isa<GotoStmt>(X);
				if (const FieldDecl *D = Tells(X))
					First.try_emplace(D, SM.getExpansionLoc(X->getBeginLoc()));
			});
			if (First.empty() || Jumps)
				continue;
			forEach(In->getBody(), [&](const Stmt *X) {
				const auto *Block = dyn_cast<CompoundStmt>(X);
				const auto *R = Block && !Block->body_empty() ? dyn_cast<ReturnStmt>(Block->body_back()) : nullptr;
				const FieldDecl *Sets = nullptr, *Untold = nullptr;
				bool MayTell = !R;

				for (const Stmt *Y : R ? Block->body() : llvm::iterator_range<CompoundStmt::const_body_iterator>({}, {})) {
					const auto *B = dyn_cast<BinaryOperator>(Y);
					const auto *M = B && B->getOpcode() == BO_Assign ? dyn_cast<MemberExpr>(B->getLHS()->IgnoreParens()) : nullptr;
					const auto *To = M ? dyn_cast<FieldDecl>(M->getMemberDecl()) : nullptr;

					for (const Waiter &W : Waiters)
						if (auto At = First.find(W.For); To && At != First.end() && ends(W, To, B->getRHS(), In->getASTContext()) &&
						    SM.isBeforeInTranslationUnit(SM.getExpansionLoc(Y->getBeginLoc()), At->second)) {
							Sets = To;
							Untold = W.For;
						}
					// What is given the object may notify of it.
					forEach(Y, [&](const Stmt *Z) {
						const auto *C = dyn_cast<CallExpr>(Z);

						MayTell |= Tells(Z) || (C && C->getNumArgs() && C->getDirectCallee() && !byHeader(C->getDirectCallee(), SM));
					});
				}
				if (Sets && !MayTell)
					say(BR, S, R->getBeginLoc(), "wake-up-missed", "this returns with '" + Sets->getName() +
					    "' set, for which threads wait, and wakes none of them: call hf_notify_all() for '" + Untold->getName() + "' before");
			});
		}
	}

	static bool isCalledInLoop(const Facts &F, const FunctionDecl *Of)
	{
		bool Found = false;

		for (const FunctionDecl *In : F.Functions)
			forEach(In->getBody(), [&](const Stmt *L) {
				if (isa<WhileStmt, DoStmt, ForStmt>(L))
					forEach(L, [&](const Stmt *X) {
						const auto *C = dyn_cast<CallExpr>(X);

						Found |= C && C->getDirectCallee() &&
							 C->getDirectCallee()->getCanonicalDecl() == Of->getCanonicalDecl();
					});
			});
		return Found;
	}

	// What poll() gives was found out before it began to wait.
	void checkPoll(const FunctionDecl *In, BugReporter &BR, Said &S) const
	{
		const SourceManager &SM = BR.getSourceManager();
		SourceLocation Wait;
		std::map<const ValueDecl *, std::pair<bool, bool>> Set;	// before, after
		std::vector<const DeclRefExpr *> Given;

		forEach(In->getBody(), [&](const Stmt *X) {
			const auto *C = dyn_cast<CallExpr>(X);

			if (C && C->getDirectCallee() && C->getDirectCallee()->getName().ends_with("_poll_wait"))
				Wait = SM.getExpansionLoc(C->getBeginLoc());
		});
		if (Wait.isInvalid())
			return;
		auto Sets = [&](const ValueDecl *V, const Expr *E) {
			bool After = SM.isBeforeInTranslationUnit(Wait, SM.getExpansionLoc(E->getBeginLoc()));

			(After ? Set[V].second : Set[V].first) |= After || !E->isEvaluatable(In->getASTContext());
		};
		forEach(In->getBody(), [&](const Stmt *X) {
			const auto *B = dyn_cast<BinaryOperator>(X);
			const auto *U = dyn_cast<UnaryOperator>(X);
			const auto *R = dyn_cast<ReturnStmt>(X);

			if (B && B->isAssignmentOp())
				if (const auto *D = dyn_cast<DeclRefExpr>(B->getLHS()->IgnoreParenCasts())) {
					Sets(D->getDecl(), B->getRHS());
					Set[D->getDecl()].first |= B->isCompoundAssignmentOp() && !Set[D->getDecl()].second;
				}
			if (const auto *DS = dyn_cast<DeclStmt>(X))
				for (const Decl *D : DS->decls())
					if (const auto *V = dyn_cast<VarDecl>(D); V && V->getInit())
						Sets(V, V->getInit());
			// Another function may set it.
			if (U && U->getOpcode() == UO_AddrOf)
				if (const auto *D = dyn_cast<DeclRefExpr>(U->getSubExpr()->IgnoreParenCasts()))
					Set[D->getDecl()].second = true;
			if (R && R->getRetValue() && SM.isBeforeInTranslationUnit(Wait, SM.getExpansionLoc(R->getBeginLoc())))
				if (const auto *D = dyn_cast<DeclRefExpr>(R->getRetValue()->IgnoreParenCasts()))
					Given.push_back(D);
		});
		for (const DeclRefExpr *D : Given)
			if (Set[D->getDecl()].first && !Set[D->getDecl()].second)
				say(BR, S, D->getBeginLoc(), "wake-up-missed",
				    "'" + D->getDecl()->getName() + "' is from before hf_poll_wait(), and what happened between both "
				    "wakes nobody: look at the state after hf_poll_wait()");
	}

	// --- owners in structures of others ---

	void checkForeign(const Facts &F, const FunctionDecl *In, BugReporter &BR, Said &S) const
	{
		const SourceManager &SM = BR.getSourceManager();

		forEach(In->getBody(), [&](const Stmt *X) {
			const auto *C = dyn_cast<CallExpr>(X);
			StringRef Name = C && C->getDirectCallee() ? C->getDirectCallee()->getName() : StringRef();

			if (!Name.consume_back("_store_"))
				return;
			const FunctionDecl *Take = F.made((Name + "_take_").str());
			if (Take && F.made((Name + "_borrow_").str()) && !F.isCalled(Take) &&
			    SM.isInMainFile(SM.getExpansionLoc(Take->getLocation())))
				say(BR, S, C->getBeginLoc(), "owner-ignored",
				    "nobody takes out what '" + Name + "' owns, so it is never dropped: call hf_foreign_take(" + Name +
					    ", ...) when the structure goes");
		});
	}

	// --- what is initialised on some ways only ---

	void checkSomeWays(const Facts &F, BugReporter &BR, Said &S) const
	{
		for (const auto &P : Made) {
			std::set<const FieldDecl *> All;

			for (const auto &Way : P.second)
				All.insert(Way.first.begin(), Way.first.end());
			// Of a call that nothing is known of.
			All.erase(nullptr);
			for (const auto &Way : P.second)
				for (const FieldDecl *M : All)
					if (const Event *Use = Way.first.count(M) || Way.first.count(nullptr) ? nullptr : alwaysUsed(F, M))
						say(BR, S, Way.second, "lock-not-initialised",
						    "on this way '" + M->getName() + "' is not initialised, and '" + Use->In->getName() +
							    "' uses it in line " +
							    Twine(BR.getSourceManager().getExpansionLineNumber(Use->Where)) +
							    ", however the object was made: initialise it first, on every way");
		}
	}

	static const Event *alwaysUsed(const Facts &F, const FieldDecl *M)
	{
		for (const auto &P : F.Events)
			for (const Event &E : P.second)
				if (E.Always && E.At.Last == M && (E.Is == Takes || E.Is == WaitsEvent || E.Is == Notifies))
					return &E;
		return nullptr;
	}

	// --- tokens ---

	// What is used of a token by hf_settle(), hf_token_value() and their like, whose variable is hf_t_.
	static TokenUse tokenUse(const Stmt *S)
	{
		const auto *E = dyn_cast<StmtExpr>(S);
		TokenUse U;

		if (!E)
			return U;
		for (const Stmt *X : E->getSubStmt()->body())
			if (const auto *DS = dyn_cast<DeclStmt>(X))
				for (const Decl *D : DS->decls())
					if (const auto *V = dyn_cast<VarDecl>(D);
					    V && V->getName() == "hf_t_" && V->hasInit()) {
						const auto *A = dyn_cast<UnaryOperator>(V->getInit()->IgnoreParenCasts());
						const Expr *T = A ? A->getSubExpr()->IgnoreParenCasts() : nullptr;

						U.Settles = !V->getType()->getPointeeType().isConstQualified();
						U.Reads = !U.Settles;
						if (const auto *M = dyn_cast_or_null<MemberExpr>(T))
							U.Of = M->getMemberDecl();
						if (const auto *R = dyn_cast_or_null<DeclRefExpr>(T))
							U.Of = R->getDecl();
					}
		return U;
	}

	static bool isToken(QualType T)
	{
		const auto *RT = T->getAs<RecordType>();

		return RT && RT->getDecl()->getName().ends_with("_token");
	}

	void checkTokens(const Facts &F, BugReporter &BR, Said &S) const
	{
		std::set<std::pair<const FunctionDecl *, unsigned>> Return;
		auto ForUses = [&](const FunctionDecl *In, auto Do) {
			forEach(In->getBody(), [&](const Stmt *X) {
				const auto *C = dyn_cast<CallExpr>(X);
				const FunctionDecl *To = C ? C->getDirectCallee() : nullptr;

				if (To && !byHeader(To, BR.getSourceManager()))
					for (unsigned I = 0; I < std::min(C->getNumArgs(), To->getNumParams()); I++)
						if (TokenUse U = tokenUse(C->getArg(I)->IgnoreParenCasts()); U.Of)
							Do(C, std::make_pair(To->getCanonicalDecl(), I), U);
			});
		};

		for (const FunctionDecl *In : F.Functions)
			ForUses(In, [&](const CallExpr *, auto To, TokenUse U) {
				if (U.Settles)
					Return.insert(To);
			});
		for (const FunctionDecl *In : F.Functions) {
			std::set<const ValueDecl *> Over;

			forEach(In->getBody(), [&](const Stmt *X) {
				if (TokenUse U = tokenUse(X); U.Settles)
					Over.insert(U.Of);
			});
			ForUses(In, [&](const CallExpr *C, auto To, TokenUse U) {
				if (U.Reads && Return.count(To) && !Over.count(U.Of))
					say(BR, S, C->getBeginLoc(), "token-twice",
					    "'" + To.first->getName() + "' gets the value of '" + U.Of->getName() +
						    "', which still owes it and will give it back again: bind the token by "
						    "hf_owe(), and give hf_settle()");
			});
			checkUnbound(In, BR, S);
		}
	}

	// A variable with a token that is only looked at.
	void checkUnbound(const FunctionDecl *In, BugReporter &BR, Said &S) const
	{
		std::map<const ValueDecl *, int> Used, Read, Asked;
		std::set<std::string> Watched;
		std::vector<const VarDecl *> Tokens;

		forEach(In->getBody(), [&](const Stmt *X) {
			if (const auto *R = dyn_cast<DeclRefExpr>(X))
				Used[R->getDecl()]++;
			if (TokenUse U = tokenUse(X); U.Reads)
				Read[U.Of]++;
			if (const auto *M = dyn_cast<MemberExpr>(X); M && M->getMemberDecl()->getName() == "due")
				if (const auto *R = dyn_cast<DeclRefExpr>(M->getBase()->IgnoreParens()))
					Asked[R->getDecl()]++;
			if (const auto *DS = dyn_cast<DeclStmt>(X))
				for (const Decl *D : DS->decls())
					if (const auto *V = dyn_cast<VarDecl>(D)) {
						const Expr *I = V->getInit() ? V->getInit()->IgnoreParenCasts() : nullptr;

						if (V->getName().starts_with("hf_watch_"))
							Watched.insert(V->getName().substr(9).str());
						if (isToken(V->getType()) && !V->getName().starts_with("hf_") &&
						    V->hasLocalStorage() && I &&
						    isa<StmtExpr, CallExpr, CompoundLiteralExpr>(I))
							Tokens.push_back(V);
					}
		});
		for (const VarDecl *V : Tokens)
			if (!Watched.count(V->getName().str()) && Used[V] == Read[V] + Asked[V] && (Read[V] || !Used[V]))
				say(BR, S, V->getLocation(), "token-forgotten",
				    "'" + V->getName() +
					    "' has the token and nobody settles it: bind it by "
					    "hf_owe(), which sees that somebody does");
	}

	// --- errors ---

	// E... of errno.h as a number, not negated.  EOF is another, and negative.
	static std::string errnoOf(const Expr *E, const ASTContext &Ctx)
	{
		const auto *L = E ? dyn_cast<IntegerLiteral>(E->IgnoreParenCasts()) : nullptr;

		if (!L || !L->getLocation().isMacroID())
			return "";
		StringRef N = Lexer::getImmediateMacroName(L->getLocation(), Ctx.getSourceManager(), Ctx.getLangOpts());
		return N.size() > 2 && N[0] == 'E' && N != "EOF" && llvm::all_of(N, [](char C) { return isUppercase(C) || isDigit(C); })
			       ? N.str()
			       : "";
	}

	// What the functions of a file do with errnos.
	struct Errnos {
		bool Negative = false;		// one of them gives negative ones
		std::set<const Decl *> Positive;	// the functions whose callers expect positive ones
	};

	static Errnos errnosOf(const Facts &F)
	{
		Errnos Is;
		std::map<const Decl *, std::set<const Decl *>> From;	// variables, and the functions that give them
		auto Of = [&](const Expr *E) {
			E = E ? E->IgnoreParenCasts() : nullptr;
			if (const auto *B = dyn_cast_or_null<BinaryOperator>(E); B && B->getOpcode() == BO_Assign)
				E = B->getRHS()->IgnoreParenCasts();
			const auto *C = dyn_cast_or_null<CallExpr>(E);
			return C && C->getDirectCallee() ? C->getDirectCallee()->getCanonicalDecl() : nullptr;
		};

		for (int Turn = 0; Turn < 2; Turn++)
			for (const FunctionDecl *In : F.Functions)
				forEach(In->getBody(), [&](const Stmt *X) {
					const auto *U = dyn_cast<UnaryOperator>(X);
					const auto *B = dyn_cast<BinaryOperator>(X);
					const ASTContext &Ctx = In->getASTContext();
					auto Expects = [&](const Expr *E) {
						if (const Decl *D = Of(E))
							Is.Positive.insert(D);
						if (const VarDecl *V = variableOf(E); V && Turn)
							Is.Positive.insert(From[V].begin(), From[V].end());
					};

					if (U && U->getOpcode() == UO_Minus) {
						Is.Negative |= !errnoOf(U->getSubExpr(), Ctx).empty();
						Expects(U->getSubExpr());
					}
					if (B && B->isEqualityOp() && !errnoOf(B->getRHS(), Ctx).empty())
						Expects(B->getLHS());
					if (const auto *Sw = dyn_cast<SwitchStmt>(X))
						for (const SwitchCase *L = Sw->getSwitchCaseList(); L; L = L->getNextSwitchCase())
							if (const auto *Case = dyn_cast<CaseStmt>(L); Case && !errnoOf(Case->getLHS(), Ctx).empty())
								Expects(Sw->getCond());
					if (const VarDecl *V = B && B->getOpcode() == BO_Assign ? variableOf(B->getLHS()) : nullptr)
						if (const Decl *D = Of(B->getRHS()))
							From[V].insert(D);
					if (const auto *DS = dyn_cast<DeclStmt>(X))
						for (const Decl *Each : DS->decls())
							if (const auto *V = dyn_cast<VarDecl>(Each)) {
								Is.Negative |= V->getName() == "hf_ret_" || V->getName() == "hf_r_";
								if (const Decl *D = Of(V->getInit()))
									From[V].insert(D);
							}
				});
		return Is;
	}

	void checkPositive(const Errnos &Of, const FunctionDecl *In, BugReporter &BR, Said &S) const
	{
		const ASTContext &Ctx = In->getASTContext();
		QualType T = In->getReturnType();
		std::vector<std::pair<const Expr *, const ValueDecl *>> Positive;
		std::set<const ValueDecl *> Returned;
		bool GivesNumber = T->isSpecificBuiltinType(BuiltinType::Int) || T->isSpecificBuiltinType(BuiltinType::Long);
		auto Look = [&](const Expr *E, const ValueDecl *To) {
			std::vector<const Expr *> All{ E };

			for (size_t I = 0; I < All.size(); I++) {
				const Expr *X = All[I]->IgnoreParenCasts();

				if (const auto *C = dyn_cast<AbstractConditionalOperator>(X)) {
					All.push_back(C->getTrueExpr());
					All.push_back(C->getFalseExpr());
				}
				if (!errnoOf(X, Ctx).empty())
					Positive.push_back({ X, To });
				if (const auto *R = dyn_cast<DeclRefExpr>(X); R && !To)
					Returned.insert(R->getDecl());
			}
		};

		// What gives a negated call, too, has positive ones.
		bool Turned = false;

		forEach(In->getBody(), [&](const Stmt *X) {
			if (const auto *R = dyn_cast<ReturnStmt>(X); R && R->getRetValue())
				forEach(R->getRetValue(), [&](const Stmt *Y) {
					const auto *U = dyn_cast<UnaryOperator>(Y);
					Turned |= U && U->getOpcode() == UO_Minus && isa<CallExpr>(U->getSubExpr()->IgnoreParenCasts());
				});
		});
		// A file, or a function that a header of the C library declares, may have them as userspace has.
		if (Turned || !Of.Negative || Of.Positive.count(In->getCanonicalDecl()) ||
		    Ctx.getSourceManager().isInSystemHeader(In->getFirstDecl()->getLocation()) ||
		    (!GivesNumber && !Facts::recordOf(T).ends_with("_result")))
			return;
		forEach(In->getBody(), [&](const Stmt *X) {
			if (const auto *R = dyn_cast<ReturnStmt>(X); R && R->getRetValue() && GivesNumber)
				Look(R->getRetValue(), nullptr);
			if (const CallExpr *C = callOf(X, "hf_errno_check_"))
				Look(C->getArg(0), nullptr);
			if (const auto *B = dyn_cast<BinaryOperator>(X); B && B->getOpcode() == BO_Assign)
				if (const auto *R = dyn_cast<DeclRefExpr>(B->getLHS()->IgnoreParenCasts()))
					Look(B->getRHS(), R->getDecl());
			if (const auto *DS = dyn_cast<DeclStmt>(X))
				for (const Decl *D : DS->decls())
					if (const auto *V = dyn_cast<VarDecl>(D); V && V->getInit())
						Look(V->getInit(), V);
		});
		for (const auto &[E, To] : Positive)
			if (!To || Returned.count(To))
				say(BR, S, E->getExprLoc(), "result-misused",
				    "this function returns " + errnoOf(E, Ctx) +
					    ", a positive number, which its "
					    "callers take for success: write -" +
					    errnoOf(E, Ctx));
	}

	// --- errors that are still 0 ---

	static const VarDecl *variableOf(const Expr *E)
	{
		const auto *R = dyn_cast_or_null<DeclRefExpr>(E ? E->IgnoreParenImpCasts() : nullptr);

		return R ? dyn_cast<VarDecl>(R->getDecl()) : nullptr;
	}

	static bool leaves(const Stmt *S)
	{
		return any(S, [](const Stmt *X) { return isa<GotoStmt>(X) || isa<ReturnStmt>(X); });
	}

	static bool assignsTo(const Stmt *In, const VarDecl *V)
	{
		return any(In, [&](const Stmt *S) {
			const auto *B = dyn_cast<BinaryOperator>(S);
			const auto *U = dyn_cast<UnaryOperator>(S);

			return (B && B->isAssignmentOp() && variableOf(B->getLHS()) == V) ||
			       (U && U->getOpcode() == UO_AddrOf && variableOf(U->getSubExpr()) == V);
		});
	}

	// if (hf_is_empty(x)), if (!pointer)
	static bool testsForNothing(const Expr *Cond)
	{
		const auto *U = dyn_cast<UnaryOperator>(Cond->IgnoreParenImpCasts());

		if (U && U->getOpcode() == UO_LNot)
			return U->getSubExpr()->IgnoreParenImpCasts()->getType()->isPointerType();
		return !U && any(Cond, [](const Stmt *S) {
			const auto *C = dyn_cast<CallExpr>(S);
			return C && C->getDirectCallee() && C->getDirectCallee()->getName() == "hf_is_empty_";
		});
	}

	// The variable that the statements behind a label return, if only errors come there.
	static const VarDecl *errorAt(const ParentMap &PM, const LabelStmt *L)
	{
		const auto *Block = dyn_cast_or_null<CompoundStmt>(PM.getParent(L));
		const Stmt *Before = nullptr;
		const VarDecl *V = nullptr;
		bool Behind = false;

		if (!Block)
			return nullptr;
		for (const Stmt *S : Block->body()) {
			Behind |= S == L;
			if (!Behind)
				Before = S;
			if (const auto *R = dyn_cast<ReturnStmt>(Behind && S == L ? L->getSubStmt() : S); Behind && R)
				V = variableOf(R->getRetValue());
		}
		const auto *Success = dyn_cast_or_null<ReturnStmt>(Before);
		Expr::EvalResult Zero;
		if (!V || !V->hasLocalStorage() || !Success || !Success->getRetValue() ||
		    !Success->getRetValue()->EvaluateAsInt(Zero, V->getASTContext()) || Zero.Val.getInt() != 0)
			return nullptr;
		Behind = false;
		for (const Stmt *S : Block->body()) {
			Behind |= S == L;
			if (Behind && assignsTo(S, V))
				return nullptr;
		}
		return V;
	}

	// err = step(); if (err) goto out; if (!found) goto out;
	void checkZero(const FunctionDecl *In, BugReporter &BR, Said &S) const
	{
		ParentMap PM(In->getBody());

		forEach(In->getBody(), [&](const Stmt *X) {
			const auto *Go = dyn_cast<GotoStmt>(X);
			const VarDecl *V = Go ? errorAt(PM, Go->getLabel()->getStmt()) : nullptr;
			const Stmt *Then = V ? PM.getParent(Go) : nullptr;
			const auto *If = dyn_cast_or_null<IfStmt>(Then && isa<CompoundStmt>(Then) ? PM.getParent(Then) : Then);
			const auto *Block = dyn_cast_or_null<CompoundStmt>(If ? PM.getParent(If) : nullptr);
			const Stmt *Last = nullptr;

			if (!Block || !testsForNothing(If->getCond()) || assignsTo(If->getThen(), V) || names(If->getCond(), V->getName()))
				return;
			for (const Stmt *Y : Block->body()) {
				if (Y == If)
					break;
				if (any(Y, [&](const Stmt *Z) { return isa<DeclRefExpr>(Z) && variableOf(cast<Expr>(Z)) == V; }))
					Last = Y;
			}
			const auto *Tested = dyn_cast_or_null<IfStmt>(Last);
			if (Tested && variableOf(Tested->getCond()) == V && leaves(Tested->getThen()) && !Tested->getElse() && !assignsTo(Tested->getThen(), V))
				say(BR, S, Go->getBeginLoc(), "result-misused", "'" + V->getName() + "' is 0 here, so the function gives success: set it to "
				    "an errno before");
		});
	}

	// Where hf_err() gets a variable that may still be the 0 that it began with, after a loop that came to its end.
	static const Expr *errorOfLoop(const CFG &G, const VarDecl *V, const CFGBlock *From, const Stmt *Begin)
	{
		std::set<std::pair<const CFGBlock *, bool>> Seen;
		std::vector<std::pair<const CFGBlock *, bool>> Todo{ { From, false } };

		while (!Todo.empty()) {
			auto [B, Looped] = Todo.back();
			bool Stops = false, Started = B != From || Looped;

			Todo.pop_back();
			if (!Seen.insert({ B, Looped }).second)
				continue;
			for (const CFGElement &E : *B) {
				auto CS = E.getAs<CFGStmt>();
				const Stmt *X = CS ? CS->getStmt() : nullptr;
				const auto *Call = dyn_cast_or_null<CallExpr>(X);

				Started |= X == Begin;
				if (!X || !Started || X == Begin || Stops)
					continue;
				if (Call && Call->getDirectCallee() && Call->getDirectCallee()->getName() == "hf_errno_check_" &&
				    variableOf(Call->getArg(0)) == V && Looped)
					return Call->getArg(0);
				const auto *R = dyn_cast<ImplicitCastExpr>(X);
				Stops |= assignsTo(X, V) || (R && R->getCastKind() == CK_LValueToRValue && variableOf(R->getSubExpr()) == V && !Looped);
			}
			if (const auto *Cond = dyn_cast_or_null<Expr>(B->getTerminatorCondition()))
				Stops |= any(Cond, [&](const Stmt *Z) { return isa<DeclRefExpr>(Z) && variableOf(cast<Expr>(Z)) == V; });
			if (Stops)
				continue;
			bool IsLoop = isa_and_nonnull<ForStmt, WhileStmt>(B->getTerminatorStmt());
			unsigned I = 0;
			for (const CFGBlock *Next : B->succs()) {
				// The first turn comes first.
				if (Next && !(IsLoop && I == 1 && !Looped))
					Todo.push_back({ Next, Looped || B->getLoopTarget() });
				I++;
			}
		}
		return nullptr;
	}

	// --- variables that others have a pointer to ---

	static const VarRegion *local(SVal V)
	{
		const auto *R = dyn_cast_or_null<VarRegion>(base(V));

		return R && R->getDecl()->hasLocalStorage() && !R->getDecl()->getName().starts_with("hf_") ? R : nullptr;
	}

	static ProgramStateRef change(ProgramStateRef State, unsigned From, unsigned To)
	{
		for (auto P : State->get<Lending>())
			if (P.second.Who == From) {
				Local L = P.second;

				L.Who = To;
				State = State->set<Lending>(P.first, L);
			}
		return State;
	}

	// An object goes to others, or into a registration.
	static ProgramStateRef give(ProgramStateRef State, const MemRegion *Object, unsigned To)
	{
		for (auto P : State->get<Lending>())
			if (Object && P.second.In == Object && (P.second.Who == Mine || P.second.Who == ByRegistration)) {
				Local L = P.second;

				L.Who = To;
				State = State->set<Lending>(P.first, L);
			}
		return State;
	}

	// What a handle that is an argument owns.
	static const MemRegion *owned(ProgramStateRef State, CheckerContext &C, SVal V)
	{
		const auto L = V.getAs<nonloc::LazyCompoundVal>();
		const MemRegion *R = L ? L->getRegion() : nullptr;

		if (!R)
			return nullptr;
		if (const MemRegion *Own = ownOf(State, R))
			R = Own;
		SVal Place = ptrPlace(State, R);
		return isa<Loc>(Place) ? C.getStoreManager()
						 .getBinding(L->getStore(), Place.castAs<Loc>(), C.getASTContext().VoidPtrTy)
						 .getAsRegion()
				       : nullptr;
	}

	// Whether a call before @At has @V among its arguments: to move it, or to read its device address for somebody.
	static bool isGiven(const VarDecl *V, const FunctionDecl *In, const Stmt *At, bool Moves, const SourceManager &SM)
	{
		bool Given = false;

		forEach(In->getBody(), [&](const Stmt *X) {
			const auto *E = dyn_cast<CallExpr>(X);

			if (!E || !E->getDirectCallee() || (Moves && E->getDirectCallee()->getName() != "hf_move_") ||
			    !SM.isBeforeInTranslationUnit(SM.getExpansionLoc(X->getBeginLoc()), SM.getExpansionLoc(At->getBeginLoc())))
				return;
			for (const Expr *A : E->arguments()) {
				bool Names = false, Reads = Moves;

				forEach(A, [&](const Stmt *Y) {
					Names |= isa<DeclRefExpr>(Y) && cast<DeclRefExpr>(Y)->getDecl() == V;
					Reads |= isa<MemberExpr>(Y) && cast<MemberExpr>(Y)->getMemberDecl()->getName() == "addr_";
				});
				Given |= Names && Reads;
			}
		});
		return Given;
	}

	// The wait that failed while the device had a buffer, which this return unmaps.
	static std::pair<const Stmt *, const VarDecl *> unmaps(CheckerContext &C, ProgramStateRef State, const ReturnStmt *RS)
	{
		const auto *In = dyn_cast<FunctionDecl>(C.getStackFrame()->getDecl());
		const ParentMap &PM = C.getStackFrame()->getParentMap();
		std::pair<const Stmt *, const VarDecl *> Found = {};
		bool Defers = false;	// what ends first may stop the device

		forEach(In && !State->get<Late>().isEmpty() && RS ? In->getBody() : nullptr, [&](const Stmt *X) {
			const auto *DS = dyn_cast<DeclStmt>(X);
			const auto *V = DS && DS->isSingleDecl() ? dyn_cast<VarDecl>(DS->getSingleDecl()) : nullptr;
			const auto *A = V ? V->getAttr<CleanupAttr>() : nullptr;
			StringRef N = A ? A->getFunctionDecl()->getName() : StringRef();

			if (!N.ends_with("_from_device_own_drop") && !N.ends_with("_to_device_own_drop") && !N.ends_with("_bidirectional_own_drop")) {
				Defers |= A && N != "hf_guard_unlock_" && !N.ends_with("_buffer_own_drop");
				return;
			}
			const Stmt *Scope = PM.getParent(DS), *Out = RS;
			while (Out && Out != Scope)
				Out = PM.getParent(Out);
			if (!Out || !C.getSourceManager().isBeforeInTranslationUnit(DS->getBeginLoc(), RS->getBeginLoc()))
				return;
			for (const Stmt *By : State->get<Late>())
				if (isGiven(V, In, By, false, C.getSourceManager()) && !isGiven(V, In, RS, true, C.getSourceManager()))
					Found = { By, V };
		});
		return Defers ? std::pair<const Stmt *, const VarDecl *>() : Found;
	}

	// The functions of the headers after which an object may be this function's again, or nobody uses it any more.
	static bool takesBack(StringRef N)
	{
		for (StringRef Word :
		     { "_clear", "_remove", "_pop", "_take", "_cancel", "_drop", "_join", "_revoke", "_unlink" })
			if (N.contains(Word))
				return true;
		return N == "hf_completion_wait" || N == "hf_wait_";
	}

	static bool givesAway(StringRef N)
	{
		if (N.contains("_try_"))
			return false;
		for (StringRef Word : { "_push_back", "_push_front", "_insert", "_queue_", "_queue_in_", "_store_", "_fill" })
			if (N.ends_with(Word))
				return true;
		return N == "hf_set_" || N == "hf_replace_";
	}

	static ProgramStateRef mine(ProgramStateRef State)
	{
		for (auto P : State->get<Lending>())
			if (P.second.Who != Mine)
				State = State->remove<Lending>(P.first);
		return State;
	}

public:
	// Whether a function of the user's gets an object that it may change: it may be the device that it stops.
	static bool stopsPerhaps(const CallEvent &Call, CheckerContext &C)
	{
		if (!Call.getDecl() || byHeader(Call.getDecl(), C.getSourceManager()))
			return false;
		for (unsigned I = 0; I < Call.getNumArgs(); I++) {
			QualType T = Call.getArgExpr(I)->getType();

			if (T->isPointerType() && T->getPointeeType()->isRecordType() && !T->getPointeeType().isConstQualified())
				return true;
		}
		return false;
	}

	void checkPreCall(const CallEvent &Call, CheckerContext &C) const
	{
		ProgramStateRef State = C.getState();
		StringRef N = nameOf(Call);

		if (!State->get<Late>().isEmpty() && stopsPerhaps(Call, C)) {
			for (const Stmt *By : State->get<Late>())
				State = State->remove<Late>(By);
			C.addTransition(State);
			return;
		}
		if (State->get<Lending>().isEmpty() || !byHeader(Call.getDecl(), C.getSourceManager()))
			return;
		bool Registers = N.ends_with("_request_") || N.ends_with("_spawn_") || N.ends_with("_new_");
		if (takesBack(N)) {
			State = mine(State);
		} else if ((givesAway(N) && !local(Call.getArgSVal(0))) || Registers) {
			for (unsigned I = 0; I < Call.getNumArgs(); I++)
				State = give(State, owned(State, C, Call.getArgSVal(I)), Registers ? ByRegistration : ByOthers);
			// The registration goes to where it outlives this function.
			if (!Registers)
				State = change(State, ByRegistration, ByOthers);
		}
		if (State != C.getState())
			C.addTransition(State);
	}

	void checkPostCall(const CallEvent &Call, CheckerContext &C) const
	{
		ProgramStateRef State = C.getState();
		StringRef N = nameOf(Call);

		if (!Call.getOriginExpr() || !Call.getDecl())
			return;
		if (N == "hf_lock_init_" || N == "hf_cond_init_" || N == "hf_completion_init") {
			for (const MemRegion *R = Call.getArgSVal(0).getAsRegion(); R && isa<SubRegion>(R);
			     R = cast<SubRegion>(R)->getSuperRegion())
				if (const auto *F = dyn_cast<FieldRegion>(R); F && !F->getDecl()->getName().ends_with("_")) {
					C.addTransition(State->add<Ready>(F->getDecl()));
					return;
				}
			C.addTransition(State->add<Ready>(nullptr));
			return;
		}
		// It may have initialised some.
		if (!byHeader(Call.getDecl(), C.getSourceManager()) && !C.wasInlined)
			State = State->add<Ready>(nullptr);
		if (N.starts_with("hf_mut_") || N.starts_with("hf_lend_") || N.starts_with("hf_ref_")) {
			const MemRegion *Raw = load(State, ptrPlace(State, Call.getArgSVal(0).getAsRegion())).getAsRegion();

			if (SymbolRef Sym = Call.getReturnValue().getAsSymbol(); Raw && Sym)
				C.addTransition(State->set<Borrowed>(Sym, Raw));
			return;
		}
		if (N == "hf_completion_wait_until_") {
			auto Err = Call.getReturnValue().getAs<DefinedOrUnknownSVal>();
			const StackFrame *User;
			const Stmt *By = userStmt(C, Call.getOriginExpr(), &User);

			for (bool Failed : { false, true })
				if (ProgramStateRef S = Err ? State->assume(*Err, Failed) : nullptr)
					C.addTransition(
						Failed ? change(change(By ? S->add<Late>(By) : S, ByOthersPerhaps, ByOthers), ByCaller, ByOthers)
						       : mine(S));
			return;
		}
		// It may have stopped the device.
		if (!State->get<Late>().isEmpty() && (byHeader(Call.getDecl(), C.getSourceManager()) ? N.contains("_write_") : !C.wasInlined))
			for (const Stmt *By : State->get<Late>())
				State = State->remove<Late>(By);
		if (State->get<Lending>().isEmpty()) {
			if (State != C.getState())
				C.addTransition(State);
			return;
		}
		// It may have taken the object back, as may one of the file that is told the variable.
		if (!byHeader(Call.getDecl(), C.getSourceManager())) {
			for (auto P : State->get<Lending>())
				for (unsigned I = 0; I < Call.getNumArgs() && P.second.Who == ByOthers; I++)
					if (base(Call.getArgSVal(I)) == P.second.To)
						State = State->set<Lending>(P.first, Local{ P.second.To, P.second.In, P.second.By, ByOthersPerhaps });
			if (!C.wasInlined)
				State = change(State, ByOthers, ByOthersPerhaps);
		}
		if (State != C.getState())
			C.addTransition(State);
	}

	void checkBind(SVal L, SVal V, const Stmt *S, bool, CheckerContext &C) const
	{
		ProgramStateRef State = C.getState();
		const MemRegion *R = L.getAsRegion(), *Base = R ? R->getBaseRegion() : nullptr;
		const auto *F = dyn_cast_or_null<FieldRegion>(R);

		if (const auto *Var = dyn_cast_or_null<VarRegion>(R); Var && State->get<Unwrapped>(Var))
			State = State->remove<Unwrapped>(Var);
		if (F && !byHeader(C.getStackFrame()->getDecl(), C.getSourceManager())) {
			for (auto P : State->get<Lending>())
				if (cast<FieldRegion>(P.first)->getDecl() == F->getDecl())
					State = State->remove<Lending>(P.first);
			const auto *Sym = dyn_cast<SymbolicRegion>(Base);
			const VarRegion *To = local(V);
			if (Sym && To) {
				const MemRegion *const *Raw = State->get<Borrowed>(Sym->getSymbol());

				State = State->set<Lending>(R, Local{ To, Raw ? *Raw : Base, S, Raw ? Mine : ByCaller });
			}
		}
		if (State != C.getState())
			C.addTransition(State);
	}

	// Whether a function returns a registration that it makes, so that the callback runs on.
	static bool returnsRegistration(const Decl *D)
	{
		const auto *In = dyn_cast<FunctionDecl>(D);
		bool Found = false;

		forEach(In ? In->getBody() : nullptr, [&](const Stmt *X) {
			const auto *E = dyn_cast<CallExpr>(X);
			const FunctionDecl *F = E ? E->getDirectCallee() : nullptr;

			if (F && (F->getName().ends_with("_spawn_") || F->getName().ends_with("_request_")))
				Found |= F->getReturnType().getCanonicalType() == In->getReturnType().getCanonicalType();
		});
		return Found;
	}

	void checkEndFunction(const ReturnStmt *RS, CheckerContext &C) const
	{
		ProgramStateRef State = C.getState();
		const auto *Call = dyn_cast_or_null<CallExpr>(C.getStackFrame()->getCallSite());

		if (Call && RS && RS->getRetValue() && names(Call->getCallee(), "hf_init_") &&
		    isNull(State, C.getSVal(RS->getRetValue()))) {
			auto Set = State->get<Ready>();

			Made[cast<FunctionDecl>(C.getStackFrame()->getDecl())].insert(
				{ std::set<const FieldDecl *>(Set.begin(), Set.end()), RS->getBeginLoc() });
		}
		if (auto [By, V] = unmaps(C, State, RS); By) {
			reportAt(C, State, By, "dma-direction", "the device may still use '" + V->getName() + "' when this wait fails, and then the "
				 "buffer is unmapped and freed: stop the device before, or wait until it is done");
			return;
		}
		for (auto P : State->get<Lending>()) {
			if (P.second.To->getStackFrame() != C.getStackFrame())
				continue;
			bool Returned = P.second.Who == ByRegistration && returnsRegistration(C.getStackFrame()->getDecl());
			if (P.second.Who == ByOthers || Returned) {
				reportAt(C, State, P.second.By, "callback-outlives-data",
					 "'" + nameOf(P.first) + "' keeps a pointer to '" + P.second.To->getDecl()->getName() +
						 "', a variable of this function, which may return while others use it: "
						 "wait for them, or take the object back before");
				return;
			}
			State = State->remove<Lending>(P.first);
		}
		if (State != C.getState())
			C.addTransition(State);
	}

	void checkDeadSymbols(SymbolReaper &SR, CheckerContext &C) const
	{
		ProgramStateRef State = C.getState();

		for (auto P : State->get<Borrowed>())
			if (SR.isDead(P.first))
				State = State->remove<Borrowed>(P.first);
		if (State != C.getState())
			C.addTransition(State);
	}

	// --- results ---

	static std::string operation(const CallExpr *C)
	{
		StringRef N = C->getDirectCallee()->getName();

		return N.starts_with("hf_") || N.ends_with("_") ? "the first operation" : "'" + N.str() + "'";
	}

	static const VarRegion *resultVariable(CheckerContext &C, const Expr *E)
	{
		const auto *R = E ? dyn_cast<DeclRefExpr>(E->IgnoreParenImpCasts()) : nullptr;
		const auto *V = R ? dyn_cast<VarDecl>(R->getDecl()) : nullptr;
		const auto *T = V ? V->getType()->getAs<RecordType>() : nullptr;
		StringRef N = T ? T->getDecl()->getName() : StringRef();

		return (N.ends_with("_own_result") || N.ends_with("_arc_result")) && V->hasLocalStorage() ?
			C.getState()->getRegion(V, C.getStackFrame()) : nullptr;
	}

	// Whether a front door gives the value of the result that it keeps in hf_r_, which @DS declares.
	static bool unwraps(const ParentMap &PM, const DeclStmt *DS)
	{
		const auto *Body = dyn_cast_or_null<CompoundStmt>(PM.getParent(DS));
		const auto *Last = Body && !Body->body_empty() ? dyn_cast<Expr>(Body->body_back()) : nullptr;
		const auto *M = Last ? dyn_cast<MemberExpr>(Last->IgnoreParenCasts()) : nullptr;

		return M && M->getMemberDecl()->getName() == "val_" && names(M, "hf_r_");
	}

	void twice(CheckerContext &C, const VarRegion *R, const Stmt *S, unsigned Line) const
	{
		report(C, C.getState(), S, "owner-copied",
		       "the owner in '" + R->getDecl()->getName() + "' was taken out in line " + Twine(Line) +
			       ": a result is unwrapped once, so bind what it gives by hf_let(), and move that");
	}

	void checkPostStmt(const DeclStmt *DS, CheckerContext &C) const
	{
		ProgramStateRef State = C.getState();

		for (const Decl *D : DS->decls()) {
			const auto *V = dyn_cast<VarDecl>(D);
			const VarRegion *R = V && V->getName() == "hf_r_" ? resultVariable(C, V->getInit()) : nullptr;

			if (!R || !unwraps(C.getStackFrame()->getParentMap(), DS))
				continue;
			if (const unsigned *Line = State->get<Unwrapped>(R)) {
				twice(C, R, DS, *Line);
				return;
			}
			State = State->set<Unwrapped>(R, line(C, DS));
		}
		if (State != C.getState())
			C.addTransition(State);
	}

	void checkPreStmt(const ReturnStmt *S, CheckerContext &C) const
	{
		if (const VarRegion *R = resultVariable(C, S->getRetValue()))
			if (const unsigned *Line = C.getState()->get<Unwrapped>(R))
				twice(C, R, S, *Line);
	}

	// An error that is overwritten, as the values tell that are live.
	void checkASTCodeBody(const Decl *D, AnalysisManager &Mgr, BugReporter &BR) const
	{
		struct Observer : LiveVariables::Observer {
			std::vector<std::pair<const Expr *, const VarDecl *>> Lost;
			const ParentMap *Parents;

			void observeStmt(const Stmt *S, const CFGBlock *, const LiveVariables::LivenessValues &Live) override
			{
				// What encloses an assignment may look at its value, as a condition does.
				if (const auto *B = dyn_cast<BinaryOperator>(S);
				    B && B->getOpcode() == BO_Assign && !Parents->isConsumedExpr(const_cast<BinaryOperator *>(B)))
					if (const auto *R = dyn_cast<DeclRefExpr>(B->getLHS()->IgnoreParenCasts()))
						look(dyn_cast<VarDecl>(R->getDecl()), B->getRHS(), Live);
				if (const auto *DS = dyn_cast<DeclStmt>(S))
					for (const Decl *X : DS->decls())
						if (const auto *V = dyn_cast<VarDecl>(X))
							look(V, V->getInit(), Live);
			}

			void look(const VarDecl *V, const Expr *E, const LiveVariables::LivenessValues &Live)
			{
				const auto *C = E ? dyn_cast<CallExpr>(E->IgnoreParenCasts()) : nullptr;

				if (C && C->getDirectCallee() && V && V->hasLocalStorage() && !Live.isLive(V) &&
				    V->getType()->isSpecificBuiltinType(BuiltinType::Int) &&
				    C->getType()->isSpecificBuiltinType(BuiltinType::Int))
					Lost.push_back({ C, V });
			}
		} O;
		const SourceManager &SM = BR.getSourceManager();
		std::map<const ValueDecl *, int> Reads;
		std::set<const ValueDecl *> Pointed;

		if (!D->getBody() || byHeader(D, SM))
			return;
		checkTurns(D, BR);
		auto *Live = Mgr.getAnalysisDeclContext(D)->getAnalysis<LiveVariables>();
		if (!Live)
			return;
		if (CFG *G = Mgr.getCFG(D))
			for (const CFGBlock *B : *G)
				for (const CFGElement &E : *B)
					if (auto CS = E.getAs<CFGStmt>())
						if (const auto *DS = dyn_cast<DeclStmt>(CS->getStmt()); DS && DS->isSingleDecl())
							if (const auto *V = dyn_cast<VarDecl>(DS->getSingleDecl()); V && V->getInit() &&
							    V->getType()->isSpecificBuiltinType(BuiltinType::Int))
								if (const auto *Zero = dyn_cast<IntegerLiteral>(V->getInit()->IgnoreParenImpCasts());
								    Zero && Zero->getValue() == 0)
									if (const Expr *At = errorOfLoop(*G, V, B, DS))
										reportIn(BR, At->getBeginLoc(), "result-misused", "'" + V->getName() +
											 "' may still be 0 when the loop has come to its end, and no error: begin with "
											 "the errno that this means");
		O.Parents = &Mgr.getAnalysisDeclContext(D)->getParentMap();
		Live->runOnAllBlocks(O);
		if (O.Lost.empty())
			return;
		forEach(D->getBody(), [&](const Stmt *S) {
			if (const auto *X = dyn_cast<ImplicitCastExpr>(S); X && X->getCastKind() == CK_LValueToRValue)
				if (const auto *R = dyn_cast<DeclRefExpr>(X->getSubExpr()->IgnoreParens()))
					Reads[R->getDecl()]++;
			if (const auto *U = dyn_cast<UnaryOperator>(S); U && U->getOpcode() == UO_AddrOf)
				if (const auto *R = dyn_cast<DeclRefExpr>(U->getSubExpr()->IgnoreParenCasts()))
					Pointed.insert(R->getDecl());
		});
		for (const auto &[E, V] : O.Lost)
			if (Reads[V] && !Pointed.count(V) && !V->hasAttr<UnusedAttr>() && !V->hasAttr<CleanupAttr>() &&
			    !V->getName().starts_with("hf_"))
				reportIn(BR, E->getBeginLoc(), "result-ignored",
					 "the error that " + operation(cast<CallExpr>(E)) + " gave to '" + V->getName() +
						 "' is overwritten before anybody looks at it: return it");
	}

	// Whether a function tells errors by what it returns.
	static bool givesErrors(const FunctionDecl *F)
	{
		const FunctionDecl *D = F->getDefinition();
		bool Found = F->hasAttr<WarnUnusedResultAttr>() || Facts::recordOf(F->getReturnType()).ends_with("_result");

		forEach(D && !Found ? D->getBody() : nullptr, [&](const Stmt *X) {
			const auto *R = dyn_cast<ReturnStmt>(X);

			forEach(R ? R->getRetValue() : nullptr, [&](const Stmt *Y) {
				const auto *U = dyn_cast<UnaryOperator>(Y);

				Found |= U && U->getOpcode() == UO_Minus && !errnoOf(U->getSubExpr(), F->getASTContext()).empty();
			});
			const auto *DS = dyn_cast<DeclStmt>(X);
			const auto *V = DS && DS->isSingleDecl() ? dyn_cast<VarDecl>(DS->getSingleDecl()) : nullptr;
			Found |= V && V->getName() == "hf_ret_";
		});
		return Found;
	}

	// for (...) err = step(i); where only the error of the last turn is looked at.
	void checkTurns(const Decl *D, BugReporter &BR) const
	{
		const SourceManager &SM = BR.getSourceManager();
		std::set<const Stmt *> Known;

		forEach(D->getBody(), [&](const Stmt *L) {
			const auto *For = dyn_cast<ForStmt>(L);
			const auto *While = dyn_cast<WhileStmt>(L);
			const auto *Do = dyn_cast<DoStmt>(L);
			const Stmt *Body = For ? For->getBody() : While ? While->getBody() : Do ? Do->getBody() : nullptr;
			const Expr *Cond = For ? For->getCond() : While ? While->getCond() : Do ? Do->getCond() : nullptr;
			const auto *Block = dyn_cast_or_null<CompoundStmt>(Body);

			if (!Body || byHeader(Body->getBeginLoc(), SM))
				return;
			// Of the statements that every turn runs, the last one that calls.
			for (const Stmt *X : Block ? SmallVector<const Stmt *, 8>(Block->body()) : SmallVector<const Stmt *, 8>{ Body }) {
				const auto *B = dyn_cast<BinaryOperator>(X);
				const VarDecl *V = B && B->getOpcode() == BO_Assign ? variableOf(B->getLHS()) : nullptr;
				const Expr *E = V ? B->getRHS()->IgnoreParenCasts() : nullptr;
				if (const auto *SE = dyn_cast_or_null<StmtExpr>(E); SE && !SE->getSubStmt()->body_empty())
					if (const auto *Last = dyn_cast<Expr>(SE->getSubStmt()->body_back()))
						E = Last->IgnoreParenCasts();
				const auto *C = dyn_cast_or_null<CallExpr>(E);

				if (C && C->getDirectCallee() && V->hasLocalStorage() && givesErrors(C->getDirectCallee()) &&
				    SM.isBeforeInTranslationUnit(V->getLocation(), L->getBeginLoc()) && isLastOf(L, Body, Cond, B, V, C, SM) &&
				    isReadAfter(D->getBody(), L, V, SM) && Known.insert(B).second)
					reportIn(BR, B->getBeginLoc(), "result-ignored", "the error that " + operation(C) + " gave to '" + V->getName() +
						 "' in one turn of this loop is overwritten by the next: leave the loop when there is one");
			}
		});
	}

	// Whether what @B assigns to @V is never looked at in a loop, which nothing leaves behind it, or ends by what the call did.
	static bool isLastOf(const Stmt *L, const Stmt *Body, const Expr *Cond, const BinaryOperator *B, const VarDecl *V, const CallExpr *C,
			     const SourceManager &SM)
	{
		unsigned Uses = 0, Written = 0;
		bool Leaves = false;
		std::set<const ValueDecl *> Given;

		forEach(L, [&](const Stmt *X) {
			const auto *Other = dyn_cast<BinaryOperator>(X);

			Uses += isa<DeclRefExpr>(X) && variableOf(cast<Expr>(X)) == V;
			Written += Other && Other->getOpcode() == BO_Assign && variableOf(Other->getLHS()) == V;
			Leaves |= isa<BreakStmt, GotoStmt, ReturnStmt>(X) && !byHeader(X->getBeginLoc(), SM) &&
				  SM.isBeforeInTranslationUnit(B->getBeginLoc(), X->getBeginLoc());
		});
		if (Uses != Written || Leaves)
			return false;
		if (!Cond || byHeader(Cond->getExprLoc(), SM))
			return true;
		// f(&more), f(s) while (s->more)
		forEach(C, [&](const Stmt *X) {
			const auto *R = dyn_cast<DeclRefExpr>(X);
			const auto *U = dyn_cast<UnaryOperator>(X);
			const auto *To = U && U->getOpcode() == UO_AddrOf ? dyn_cast<DeclRefExpr>(U->getSubExpr()->IgnoreParens()) : nullptr;

			if (To || (R && R->getType()->isPointerType()))
				Given.insert((To ? To : R)->getDecl());
		});
		return !any(Cond, [&](const Stmt *X) {
			const auto *M = dyn_cast<MemberExpr>(X);
			const auto *Call = dyn_cast<CallExpr>(X);
			const auto *R = dyn_cast<DeclRefExpr>(X);
			bool Plain = R && !R->getType()->isPointerType() && Given.count(R->getDecl());

			return Plain || ((M || Call) && any(X, [&](const Stmt *Y) {
				       return isa<DeclRefExpr>(Y) && Given.count(cast<DeclRefExpr>(Y)->getDecl());
			       }));
		});
	}

	static bool isReadAfter(const Stmt *In, const Stmt *L, const VarDecl *V, const SourceManager &SM)
	{
		bool Found = false;

		forEach(In, [&](const Stmt *X) {
			const auto *Cast = dyn_cast<ImplicitCastExpr>(X);

			Found |= Cast && Cast->getCastKind() == CK_LValueToRValue && variableOf(Cast->getSubExpr()) == V &&
				 SM.isBeforeInTranslationUnit(L->getEndLoc(), Cast->getBeginLoc());
		});
		return Found;
	}

	void checkEndOfTranslationUnit(const TranslationUnitDecl *TU, AnalysisManager &, BugReporter &BR) const
	{
		Facts F(TU);
		Said S;

		if (!F.Complete)
			return;
		checkInterrupts(F, BR, S);
		checkTokens(F, BR, S);
		checkAccess(F, BR, S);
		checkOrders(F, BR, S);
		std::vector<Waiter> Waiters = waiters(F, BR);
		checkOne(F, Waiters, BR, S);
		checkSilent(F, Waiters, BR, S);
		checkUntold(F, Waiters, BR, S);
		checkReplaced(F, BR, S);
		checkCompleted(F, BR, S);
		Errnos Errors = errnosOf(F);
		checkSomeWays(F, BR, S);
		for (const FunctionDecl *In : F.Functions) {
			checkPositive(Errors, In, BR, S);
			checkZero(In, BR, S);
			checkWaits(F, In, BR, S);
			checkPoll(In, BR, S);
			checkForeign(F, In, BR, S);
		}
		std::set<const FunctionDecl *> Drops = F.drops();
		for (const auto &P : F.Events) {
			checkCycles(F, P.second, Drops, BR, S);
			checkDataFirst(F, P.second, BR, S);
			for (const Event &E : P.second) {
				checkDrop(F, E, BR, S);
				if (E.Is == WaitsFor)
					checkWait(F, E, BR, S);
				else if (E.Is == Ends)
					checkOrder(F, P.second, E, BR, S);
				else if (E.Is == Finishes)
					checkRevoke(F, P.second, E, BR, S);
				else if (E.Is == WaitsEvent)
					checkEvent(F, E, BR, S);
				else if (E.Is == Initialises)
					checkInit(F, E, BR, S);
				else if (E.Is == Registers)
					checkOwnQueue(F, E, BR, S);
				else if (E.Is == Reinits)
					checkReinit(P.second, E, BR, S);
			}
		}
	}
};

} // namespace

void registerCallbacks(CheckerRegistry &Registry)
{
	Registry.addChecker<Callbacks>("holdfast.Callbacks", "Functions that run beside others", "");
}
